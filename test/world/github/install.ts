import type { Hub } from "./call.ts";
import { accountJson, installationJson } from "./shapes/account.ts";
import { type Installation, nodeId, now, type Repository } from "./state.ts";

/** Puts the App onto a repository, and tells it so: a new installation, or one more repository of it. */
export function install(hub: Hub, repo: Repository): Installation {
  const { state } = hub;
  const mine = [...state.installations.values()].find((one) => one.account === repo.owner);
  const installation = mine ?? {
    id: state.nextId(),
    account: repo.owner,
    repositories: new Set<number>(),
    permissions: state.app.permissions,
    createdAt: now(),
  };
  state.installations.set(installation.id, installation);
  installation.repositories.add(repo.id);
  const listed = {
    id: repo.id,
    node_id: nodeId("R", repo.id),
    name: repo.name,
    full_name: `${repo.owner.login}/${repo.name}`,
    private: repo.private,
  };
  const news =
    mine === undefined
      ? { name: "installation", action: "created", more: { repositories: [listed] } }
      : {
          name: "installation_repositories",
          action: "added",
          more: {
            repository_selection: "selected",
            repositories_added: [listed],
            repositories_removed: [],
          },
        };
  const at = Math.floor(Date.parse(installation.createdAt) / 1000);
  hub.emit({
    name: news.name,
    action: news.action,
    installation,
    payload: {
      action: news.action,
      installation: { ...installationJson(state, installation), created_at: at, updated_at: at },
      ...news.more,
      requester: null,
      sender: accountJson(state, repo.owner),
    },
  });
  return installation;
}
