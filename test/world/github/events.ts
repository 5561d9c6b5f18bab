import { installationOf } from "./access.ts";
import type { Hub } from "./call.ts";
import { accountJson } from "./shapes/account.ts";
import { commentJson, issueJson, labelJson } from "./shapes/issue.ts";
import { fullPullJson, type PullIssue } from "./shapes/pull.ts";
import { repositoryJson } from "./shapes/repository.ts";
import {
  type Account,
  type Comment,
  type Issue,
  type Json,
  nodeId,
  type Repository,
  type State,
} from "./state.ts";

/** What happened, before it is dressed as a webhook. */
export interface Happening {
  readonly name: string;
  readonly action?: string;
  readonly repo: Repository;
  readonly sender: Account;
  readonly payload: Json;
}

function organizationJson(state: State, owner: Account): Json {
  const url = `${state.apiUrl}/orgs/${owner.login}`;
  return {
    login: owner.login,
    id: owner.id,
    node_id: nodeId("O", owner.id),
    url,
    repos_url: `${url}/repos`,
    events_url: `${url}/events`,
    hooks_url: `${url}/hooks`,
    issues_url: `${url}/issues`,
    members_url: `${url}/members{/member}`,
    public_members_url: `${url}/public_members{/member}`,
    avatar_url: `${state.url}/avatars/${owner.login}`,
    description: "",
  };
}

/** The parts every event of a repository has; undefined where the App is not installed. */
export function eventOf(state: State, what: Happening) {
  const installation = installationOf(state, what.repo);
  if (installation === undefined) return undefined;
  const { repo } = what;
  const payload = {
    ...(what.action === undefined ? {} : { action: what.action }),
    repository: repositoryJson(state, repo),
    ...(repo.owner.type === "Organization"
      ? { organization: organizationJson(state, repo.owner) }
      : {}),
    sender: accountJson(state, what.sender),
    installation: { id: installation.id, node_id: nodeId("II", installation.id) },
    ...what.payload,
  };
  return {
    name: what.name,
    ...(what.action === undefined ? {} : { action: what.action }),
    repo,
    installation,
    payload,
  };
}

/** Sends a webhook if the App is installed there. */
export function tell(hub: Hub, what: Happening): void {
  const event = eventOf(hub.state, what);
  if (event !== undefined) hub.emit(event);
}

/** Unlike the API, webhooks say of every issue whether it is a draft. */
function issueTold(state: State, repo: Repository, issue: Issue): Json {
  return { draft: false, ...issueJson(state, repo, issue) };
}

export function commentHappening(
  state: State,
  repo: Repository,
  what: { issue: Issue; comment: Comment; action: string; sender: Account; before?: string },
): Happening {
  return {
    name: "issue_comment",
    action: what.action,
    repo,
    sender: what.sender,
    payload: {
      ...(what.before === undefined ? {} : { changes: { body: { from: what.before } } }),
      issue: issueTold(state, repo, what.issue),
      comment: commentJson(state, repo, what.comment),
    },
  };
}

export function issueHappening(
  state: State,
  repo: Repository,
  what: { issue: Issue; action: string; sender: Account; label?: string; changes?: Json },
): Happening {
  const label = repo.labels.get(what.label?.toLowerCase() ?? "");
  return {
    name: "issues",
    action: what.action,
    repo,
    sender: what.sender,
    payload: {
      issue: issueTold(state, repo, what.issue),
      ...(what.changes === undefined ? {} : { changes: what.changes }),
      ...(label === undefined ? {} : { label: labelJson(state, repo, label) }),
    },
  };
}

export async function pullHappening(
  state: State,
  repo: Repository,
  what: { pull: PullIssue; action: string; sender: Account; more?: Json },
): Promise<Happening> {
  return {
    name: "pull_request",
    action: what.action,
    repo,
    sender: what.sender,
    payload: {
      number: what.pull.number,
      pull_request: await fullPullJson(state, repo, what.pull),
      ...what.more,
    },
  };
}
