import {
  type Account,
  type Comment,
  type Issue,
  type Json,
  type Label,
  nodeId,
  type Reaction,
  type Repository,
  type State,
} from "../state.ts";
import { accountJson, appJson } from "./account.ts";
import { repositoryPage, repositoryUrl } from "./repository.ts";

const CONTENTS = ["+1", "-1", "laugh", "hooray", "confused", "heart", "rocket", "eyes"];

/** How somebody stands to the repository, as shown beside what they wrote. */
export function association(repo: Repository, account: Account): string {
  if (account.id === repo.owner.id) return "OWNER";
  return repo.collaborators.has(account.login.toLowerCase()) ? "COLLABORATOR" : "NONE";
}

function rollup(url: string, reactions: readonly Reaction[]): Json {
  const counts = CONTENTS.map((content) => [
    content,
    reactions.filter((reaction) => reaction.content === content).length,
  ]);
  return {
    url: `${url}/reactions`,
    total_count: reactions.length,
    ...Object.fromEntries(counts),
  };
}

export function reactionJson(state: State, reaction: Reaction): Json {
  return {
    id: reaction.id,
    node_id: nodeId("REA", reaction.id),
    user: accountJson(state, reaction.user),
    content: reaction.content,
    created_at: reaction.createdAt,
  };
}

export function labelJson(state: State, repo: Repository, label: Label): Json {
  return {
    id: label.id,
    node_id: nodeId("LA", label.id),
    url: `${repositoryUrl(state, repo)}/labels/${encodeURIComponent(label.name)}`,
    name: label.name,
    color: label.color,
    default: false,
    description: label.description,
  };
}

/** The labels an issue carries; each exists on its repository. */
export function labelsOf(state: State, repo: Repository, issue: Issue): Json[] {
  return issue.labels.flatMap((name) => {
    const label = repo.labels.get(name.toLowerCase());
    return label === undefined ? [] : [labelJson(state, repo, label)];
  });
}

function pullLinks(state: State, repo: Repository, issue: Issue): Json {
  if (issue.pull === undefined) return {};
  const page = `${repositoryPage(state, repo)}/pull/${issue.number}`;
  return {
    draft: issue.pull.draft,
    pull_request: {
      url: `${repositoryUrl(state, repo)}/pulls/${issue.number}`,
      html_url: page,
      diff_url: `${page}.diff`,
      patch_url: `${page}.patch`,
      merged_at: issue.pull.mergedAt ?? null,
    },
  };
}

/** The page of an issue or pull request. */
function issuePage(state: State, repo: Repository, issue: Issue): string {
  const kind = issue.pull === undefined ? "issues" : "pull";
  return `${repositoryPage(state, repo)}/${kind}/${issue.number}`;
}

/** An issue; a pull request is one too. */
export function issueJson(state: State, repo: Repository, issue: Issue): Json {
  const url = `${repositoryUrl(state, repo)}/issues/${issue.number}`;
  const assignees = issue.assignees.map((account) => accountJson(state, account));
  return {
    url,
    repository_url: repositoryUrl(state, repo),
    labels_url: `${url}/labels{/name}`,
    comments_url: `${url}/comments`,
    events_url: `${url}/events`,
    html_url: issuePage(state, repo, issue),
    id: issue.id,
    node_id: nodeId("I", issue.id),
    number: issue.number,
    title: issue.title,
    user: accountJson(state, issue.author),
    labels: labelsOf(state, repo, issue),
    state: issue.state,
    state_reason: issue.stateReason,
    locked: false,
    assignee: assignees[0] ?? null,
    assignees,
    milestone: null,
    comments: [...repo.comments.values()].filter((one) => one.issue === issue.number).length,
    created_at: issue.createdAt,
    updated_at: issue.updatedAt,
    closed_at: issue.closedAt ?? null,
    author_association: association(repo, issue.author),
    active_lock_reason: null,
    body: issue.body,
    reactions: rollup(url, issue.reactions),
    timeline_url: `${url}/timeline`,
    performed_via_github_app: issue.viaApp ? appJson(state) : null,
    ...pullLinks(state, repo, issue),
  };
}

/** An issue asked for by itself also says who closed it. */
export function fullIssueJson(state: State, repo: Repository, issue: Issue): Json {
  const closedBy = issue.closedBy === undefined ? null : accountJson(state, issue.closedBy);
  return { ...issueJson(state, repo, issue), closed_by: closedBy };
}

export function commentJson(state: State, repo: Repository, comment: Comment): Json {
  const issue = repo.issues.get(comment.issue);
  const page = issue === undefined ? "" : issuePage(state, repo, issue);
  const url = `${repositoryUrl(state, repo)}/issues/comments/${comment.id}`;
  return {
    url,
    html_url: `${page}#issuecomment-${comment.id}`,
    issue_url: `${repositoryUrl(state, repo)}/issues/${comment.issue}`,
    id: comment.id,
    node_id: nodeId("IC", comment.id),
    user: accountJson(state, comment.author),
    created_at: comment.createdAt,
    updated_at: comment.updatedAt,
    author_association: association(repo, comment.author),
    body: comment.body,
    reactions: rollup(url, comment.reactions),
    performed_via_github_app: comment.viaApp ? appJson(state) : null,
  };
}
