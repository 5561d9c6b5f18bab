import type { Commit, Signature } from "../git.ts";
import type { FileDiff } from "../git-diff.ts";
import { type Account, type Json, nodeId, type Repository, type State } from "../state.ts";
import { emailOf } from "../write-commit.ts";
import { accountJson } from "./account.ts";
import { repositoryPage, repositoryUrl } from "./repository.ts";

const UNSIGNED = {
  verified: false,
  reason: "unsigned",
  signature: null,
  payload: null,
  verified_at: null,
};

/** The account a commit's address belongs to, if it belongs to one. */
export function accountOf(state: State, signature: Signature): Account | undefined {
  return [...state.accounts.values()].find((account) => emailOf(account) === signature.email);
}

function userJson(state: State, signature: Signature): Json | null {
  const account = accountOf(state, signature);
  return account === undefined ? null : accountJson(state, account);
}

/** A commit as the repository's history shows it. */
export function commitJson(state: State, repo: Repository, commit: Commit): Json {
  const api = repositoryUrl(state, repo);
  const page = repositoryPage(state, repo);
  return {
    sha: commit.sha,
    node_id: nodeId("C", commit.sha),
    commit: {
      author: commit.author,
      committer: commit.committer,
      message: commit.message,
      tree: { sha: commit.tree, url: `${api}/git/trees/${commit.tree}` },
      url: `${api}/git/commits/${commit.sha}`,
      comment_count: 0,
      verification: UNSIGNED,
    },
    url: `${api}/commits/${commit.sha}`,
    html_url: `${page}/commit/${commit.sha}`,
    comments_url: `${api}/commits/${commit.sha}/comments`,
    author: userJson(state, commit.author),
    committer: userJson(state, commit.committer),
    parents: commit.parents.map((sha) => ({
      sha,
      url: `${api}/commits/${sha}`,
      html_url: `${page}/commit/${sha}`,
    })),
  };
}

/** A commit as the git database shows it. */
export function gitCommitJson(state: State, repo: Repository, commit: Commit): Json {
  const api = repositoryUrl(state, repo);
  const page = repositoryPage(state, repo);
  return {
    sha: commit.sha,
    node_id: nodeId("C", commit.sha),
    url: `${api}/git/commits/${commit.sha}`,
    html_url: `${page}/commit/${commit.sha}`,
    author: commit.author,
    committer: commit.committer,
    tree: { sha: commit.tree, url: `${api}/git/trees/${commit.tree}` },
    message: commit.message,
    parents: commit.parents.map((sha) => ({
      sha,
      url: `${api}/git/commits/${sha}`,
      html_url: `${page}/commit/${sha}`,
    })),
    verification: UNSIGNED,
  };
}

/** One file of a diff. `ref` is the commit its content is at. */
export function fileJson(
  at: { state: State; repo: Repository; ref: string },
  file: FileDiff,
): Json {
  const path = file.path.split("/").map(encodeURIComponent).join("/");
  const page = repositoryPage(at.state, at.repo);
  return {
    sha: file.sha,
    filename: file.path,
    status: file.status,
    additions: file.additions,
    deletions: file.deletions,
    changes: file.additions + file.deletions,
    blob_url: `${page}/blob/${at.ref}/${path}`,
    raw_url: `${page}/raw/${at.ref}/${path}`,
    contents_url: `${repositoryUrl(at.state, at.repo)}/contents/${path}?ref=${at.ref}`,
    ...(file.patch === undefined ? {} : { patch: file.patch }),
    ...(file.previousPath === undefined ? {} : { previous_filename: file.previousPath }),
  };
}
