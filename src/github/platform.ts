import type { Permission, Platform } from "../core/platform.ts";
import type { Repo } from "../core/task.ts";
import { answered, asking } from "./github-error.ts";
import { createOctokit } from "./octokit.ts";

const LOGIN = /^[A-Za-z0-9][A-Za-z0-9_-]{0,99}(?:\[bot\])?$/;

const PERMISSIONS: ReadonlyMap<string, Permission> = new Map([
  ["admin", "admin"],
  ["maintain", "write"],
  ["write", "write"],
  ["triage", "read"],
  ["read", "read"],
]);

/** GitHub's view of one repository, under a token that only reads. */
export function createPlatform(at: {
  readonly apiUrl: string;
  readonly token: string;
  readonly repo: Repo;
}): Platform {
  const { rest } = createOctokit(at);
  const repo = { owner: at.repo.owner, repo: at.repo.name };
  return {
    async permission(user) {
      if (!LOGIN.test(user)) return "none";
      return asking(async () => {
        try {
          const asked = { ...repo, username: user };
          const { data } = await rest.repos.getCollaboratorPermissionLevel(asked);
          return PERMISSIONS.get(data.permission) ?? "none";
        } catch (error) {
          // Somebody who does not exist, or no longer, may do nothing.
          if (answered(error, 404)) return "none";
          throw error;
        }
      });
    },
    issue: (number) =>
      asking(async () => {
        const { data } = await rest.issues.get({ ...repo, issue_number: number });
        return {
          title: data.title,
          body: data.body ?? "",
          author: data.user?.login ?? "ghost",
          state: data.state === "open" ? "open" : "closed",
        };
      }),
    repository: () =>
      asking(async () => {
        const { data } = await rest.repos.get(repo);
        return { defaultBranch: data.default_branch, private: data.private };
      }),
    pullRequest: (number) =>
      asking(async () => {
        const { data } = await rest.pulls.get({ ...repo, pull_number: number });
        const sameRepository = data.head.repo?.full_name === data.base.repo.full_name;
        return {
          branch: data.head.ref,
          sameRepository,
          base: data.base.ref,
          title: data.title,
          url: data.html_url,
          state: data.state === "open" ? "open" : "closed",
          merges: mergesOf(data),
        };
      }),
    openPullRequests: ({ base, headPrefix }) =>
      asking(async () => {
        const asked = { ...repo, state: "open", base, per_page: 100 } as const;
        const { data } = await rest.pulls.list(asked);
        return data
          .filter(({ head }) => head.ref.startsWith(headPrefix))
          .map(({ number }) => number);
      }),
    isProtected: (branch) =>
      asking(async () => (await rest.repos.getBranch({ ...repo, branch })).data.protected),
  };
}

/** GitHub finds it out in the background: at first it says nothing. */
function mergesOf(pull: { mergeable: boolean | null; mergeable_state: string }) {
  if (pull.mergeable === false) return "conflict";
  if (pull.mergeable_state === "behind") return "behind";
  return pull.mergeable === null ? "unknown" : "clean";
}
