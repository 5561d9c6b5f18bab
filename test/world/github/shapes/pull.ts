import { commitOf, count, mergeBase, mergesCleanly } from "../git.ts";
import { diffFiles } from "../git-diff.ts";
import { type Issue, type Json, nodeId, type Pull, type Repository, type State } from "../state.ts";
import { accountJson } from "./account.ts";
import { association, labelsOf } from "./issue.ts";
import { repositoryJson, repositoryPage, repositoryUrl } from "./repository.ts";

export type PullIssue = Issue & { readonly pull: Pull };

export function isPull(issue: Issue): issue is PullIssue {
  return issue.pull !== undefined;
}

/** While a pull request is open its two ends are where the branches are now. */
export async function followBranches(repo: Repository, pull: PullIssue): Promise<void> {
  if (pull.state !== "open") return;
  const { folder } = repo;
  pull.pull.headSha = (await commitOf(folder, `refs/heads/${pull.pull.head}`)) ?? pull.pull.headSha;
  pull.pull.baseSha = (await commitOf(folder, `refs/heads/${pull.pull.base}`)) ?? pull.pull.baseSha;
}

function end(
  at: { state: State; repo: Repository },
  { ref, sha }: { ref: string; sha: string },
): Json {
  const { state, repo } = at;
  return {
    label: `${repo.owner.login}:${ref}`,
    ref,
    sha,
    user: accountJson(state, repo.owner),
    repo: repositoryJson(state, repo),
  };
}

function links(state: State, repo: Repository, issue: PullIssue): Json {
  const api = repositoryUrl(state, repo);
  const pull = `${api}/pulls/${issue.number}`;
  return {
    self: { href: pull },
    html: { href: `${repositoryPage(state, repo)}/pull/${issue.number}` },
    issue: { href: `${api}/issues/${issue.number}` },
    comments: { href: `${api}/issues/${issue.number}/comments` },
    review_comments: { href: `${pull}/comments` },
    review_comment: { href: `${api}/pulls/comments{/number}` },
    commits: { href: `${pull}/commits` },
    statuses: { href: `${api}/statuses/${issue.pull.headSha}` },
  };
}

/** A pull request in a list. */
export async function pullJson(state: State, repo: Repository, issue: PullIssue): Promise<Json> {
  await followBranches(repo, issue);
  const { pull } = issue;
  const api = repositoryUrl(state, repo);
  const url = `${api}/pulls/${issue.number}`;
  const page = `${repositoryPage(state, repo)}/pull/${issue.number}`;
  const assignees = issue.assignees.map((account) => accountJson(state, account));
  return {
    url,
    id: pull.id,
    node_id: nodeId("PR", pull.id),
    html_url: page,
    diff_url: `${page}.diff`,
    patch_url: `${page}.patch`,
    issue_url: `${api}/issues/${issue.number}`,
    number: issue.number,
    state: issue.state,
    locked: false,
    title: issue.title,
    user: accountJson(state, issue.author),
    body: issue.body,
    created_at: issue.createdAt,
    updated_at: issue.updatedAt,
    closed_at: issue.closedAt ?? null,
    merged_at: pull.mergedAt ?? null,
    merge_commit_sha: pull.mergeCommit ?? null,
    assignee: assignees[0] ?? null,
    assignees,
    requested_reviewers: [],
    requested_teams: [],
    labels: labelsOf(state, repo, issue),
    milestone: null,
    draft: pull.draft,
    commits_url: `${url}/commits`,
    review_comments_url: `${url}/comments`,
    review_comment_url: `${api}/pulls/comments{/number}`,
    comments_url: `${api}/issues/${issue.number}/comments`,
    statuses_url: `${api}/statuses/${pull.headSha}`,
    head: end({ state, repo }, { ref: pull.head, sha: pull.headSha }),
    base: end({ state, repo }, { ref: pull.base, sha: pull.baseSha }),
    _links: links(state, repo, issue),
    author_association: association(repo, issue.author),
    auto_merge: null,
    active_lock_reason: null,
  };
}

async function mergeability(repo: Repository, issue: PullIssue): Promise<Json> {
  const { pull, state } = issue;
  if (state !== "open") return { mergeable: null, mergeable_state: "unknown" };
  const clean = await mergesCleanly(repo.folder, pull.baseSha, pull.headSha);
  if (!clean) return { mergeable: false, mergeable_state: "dirty" };
  return { mergeable: true, mergeable_state: pull.draft ? "draft" : "clean" };
}

/** A pull request asked for by itself, with its numbers. */
export async function fullPullJson(
  state: State,
  repo: Repository,
  issue: PullIssue,
): Promise<Json> {
  const simple = await pullJson(state, repo, issue);
  const { baseSha, headSha, mergedAt, mergedBy } = issue.pull;
  const from = (await mergeBase(repo.folder, baseSha, headSha)) ?? baseSha;
  const files = await diffFiles(repo.folder, from, headSha);
  return {
    ...simple,
    merged: mergedAt !== undefined,
    rebaseable: null,
    ...(await mergeability(repo, issue)),
    merged_by: mergedBy === undefined ? null : accountJson(state, mergedBy),
    comments: [...repo.comments.values()].filter((one) => one.issue === issue.number).length,
    review_comments: 0,
    maintainer_can_modify: false,
    commits: await count(repo.folder, `${from}..${headSha}`),
    additions: files.reduce((sum, file) => sum + file.additions, 0),
    deletions: files.reduce((sum, file) => sum + file.deletions, 0),
    changed_files: files.length,
  };
}

/** A pull request as check runs refer to it. */
export function pullReferenceJson(state: State, repo: Repository, issue: PullIssue): Json {
  const url = repositoryUrl(state, repo);
  const itself = { id: repo.id, url, name: repo.name };
  return {
    id: issue.pull.id,
    number: issue.number,
    url: `${url}/pulls/${issue.number}`,
    head: { ref: issue.pull.head, sha: issue.pull.headSha, repo: itself },
    base: { ref: issue.pull.base, sha: issue.pull.baseSha, repo: itself },
  };
}
