import { installationOf } from "./access.ts";
import {
  type Need,
  notFound,
  paged,
  Refusal,
  type Reply,
  type RepositoryCall,
  type Routes,
  text,
} from "./call.ts";
import {
  blob,
  type Commit,
  commitOf,
  count,
  entryAt,
  listTree,
  log,
  mergeBase,
  readCommit,
  refsOf,
  type TreeEntry,
} from "./git.ts";
import { diffFiles, diffText } from "./git-diff.ts";
import { commitJson, fileJson } from "./shapes/commit.ts";
import { fullRepositoryJson, repositoryPage, repositoryUrl } from "./shapes/repository.ts";
import type { Json } from "./state.ts";

const CONTENTS: Need = { any: ["contents"], level: "read" };
const BRANCH = "refs/heads/";

/** The commit a caller means: a branch, a tag or an id. */
export async function resolve(call: RepositoryCall, name: string): Promise<string> {
  const { folder } = call.repo;
  const found =
    (await commitOf(folder, `${BRANCH}${name}`)) ??
    (await commitOf(folder, `refs/tags/${name}`)) ??
    (await commitOf(folder, name));
  if (found === undefined) throw new Refusal(422, `No commit found for SHA: ${name}`);
  return found;
}

function protection(call: RepositoryCall, branch: string): Json {
  return {
    protected: false,
    protection: {
      enabled: false,
      required_status_checks: { enforcement_level: "off", contexts: [], checks: [] },
    },
    protection_url: `${repositoryUrl(call.state, call.repo)}/branches/${branch}/protection`,
  };
}

async function listBranches(call: RepositoryCall): Promise<Reply> {
  const refs = [...(await refsOf(call.repo.folder))].filter(([ref]) => ref.startsWith(BRANCH));
  const url = repositoryUrl(call.state, call.repo);
  const branches = refs.map(([ref, sha]) => {
    const name = ref.slice(BRANCH.length);
    const commit = { sha, url: `${url}/commits/${sha}` };
    return { name, commit, ...protection(call, name) };
  });
  return paged(call, branches);
}

async function getBranch(call: RepositoryCall): Promise<Reply> {
  const { state, repo } = call;
  const name = text(call.params, "branch");
  const sha = await commitOf(repo.folder, `${BRANCH}${name}`);
  if (sha === undefined) throw new Refusal(404, "Branch not found");
  const commit = commitJson(state, repo, await readCommit(repo.folder, sha));
  const self = `${repositoryUrl(state, repo)}/branches/${name}`;
  const html = `${repositoryPage(state, repo)}/tree/${name}`;
  return { status: 200, body: { name, commit, _links: { self, html }, ...protection(call, name) } };
}

async function listCommits(call: RepositoryCall): Promise<Reply> {
  const { state, repo, query } = call;
  const from = await resolve(call, text(query, "sha") || repo.defaultBranch);
  const path = text(query, "path");
  const commits = await log(repo.folder, [from, "--", ...(path === "" ? [] : [path])]);
  return paged(call, commits, (page) => page.map((commit) => commitJson(state, repo, commit)));
}

async function filesOf(call: RepositoryCall, from: string, to: string): Promise<Json[]> {
  const files = await diffFiles(call.repo.folder, from, to);
  return files.map((file) => fileJson({ state: call.state, repo: call.repo, ref: to }, file));
}

/** What the root commit is compared with: the tree of nothing. */
const EMPTY_TREE = "4b825dc642cb6eb9a060e54bf8d69288fbee4904";

async function getCommit(call: RepositoryCall): Promise<Reply> {
  const { state, repo } = call;
  const commit = await readCommit(repo.folder, await resolve(call, text(call.params, "ref")));
  const parent = commit.parents[0] ?? EMPTY_TREE;
  if (/\bdiff\b/.test(call.accept)) {
    return diffReply(await diffText(repo.folder, parent, commit.sha));
  }
  const files = await filesOf(call, parent, commit.sha);
  const sum = (key: string) => files.reduce((total, file) => total + Number(file[key]), 0);
  const stats = { total: sum("changes"), additions: sum("additions"), deletions: sum("deletions") };
  return { status: 200, body: { ...commitJson(state, repo, commit), stats, files } };
}

/** A unified diff as its own media type. */
export function diffReply(body: string): Reply {
  return {
    status: 200,
    body,
    headers: { "content-type": "application/vnd.github.diff; charset=utf-8" },
  };
}

function standing(ahead: number, behind: number): string {
  if (ahead === 0) return behind === 0 ? "identical" : "behind";
  return behind === 0 ? "ahead" : "diverged";
}

/** `base...head`; either may carry the owner in front, as in `owner:branch`. */
async function compare(call: RepositoryCall): Promise<Reply> {
  const { state, repo } = call;
  const { folder } = repo;
  const [left, right] = text(call.params, "basehead").split("...");
  if (!left || !right) throw notFound();
  const own = (name: string) => name.replace(new RegExp(`^${repo.owner.login}:`, "i"), "");
  const base = await commitOf(folder, own(left));
  const head = await commitOf(folder, own(right));
  const middle = base && head ? await mergeBase(folder, base, head) : undefined;
  if (!base || !head || !middle) throw notFound();
  if (/\bdiff\b/.test(call.accept)) return diffReply(await diffText(folder, middle, head));
  const json = (commit: Commit) => commitJson(state, repo, commit);
  const commits = (await log(folder, ["--reverse", `${base}..${head}`, "--"])).map(json);
  const behind = await count(folder, `${head}..${base}`);
  const page = `${repositoryPage(state, repo)}/compare/${left}...${right}`;
  return {
    status: 200,
    body: {
      url: `${repositoryUrl(state, repo)}/compare/${left}...${right}`,
      html_url: page,
      permalink_url: `${repositoryPage(state, repo)}/compare/${base}...${head}`,
      diff_url: `${page}.diff`,
      patch_url: `${page}.patch`,
      base_commit: json(await readCommit(folder, base)),
      merge_base_commit: json(await readCommit(folder, middle)),
      status: standing(commits.length, behind),
      ahead_by: commits.length,
      behind_by: behind,
      total_commits: commits.length,
      commits,
      files: await filesOf(call, middle, head),
    },
  };
}

const KINDS: Record<string, string> = { blob: "file", tree: "dir", commit: "submodule" };

function entryJson(call: RepositoryCall, at: { commit: string }, entry: TreeEntry): Json {
  const url = repositoryUrl(call.state, call.repo);
  const page = repositoryPage(call.state, call.repo);
  const path = entry.path.split("/").map(encodeURIComponent).join("/");
  const self = `${url}/contents/${path}?ref=${at.commit}`;
  const file = entry.type === "blob";
  const git = `${url}/git/${file ? "blobs" : "trees"}/${entry.sha}`;
  const html = `${page}/${file ? "blob" : "tree"}/${at.commit}/${path}`;
  return {
    type: entry.mode === "120000" ? "symlink" : (KINDS[entry.type] ?? "file"),
    size: entry.size ?? 0,
    name: entry.path.slice(entry.path.lastIndexOf("/") + 1),
    path: entry.path,
    sha: entry.sha,
    url: self,
    git_url: git,
    html_url: html,
    download_url: file ? `${page}/raw/${at.commit}/${path}` : null,
    _links: { self, git, html },
  };
}

async function folderContents(
  call: RepositoryCall,
  at: { commit: string; path: string },
): Promise<Json[]> {
  const entries = await listTree(call.repo.folder, `${at.commit}:${at.path}`);
  return entries.map((entry) => {
    const path = at.path === "" ? entry.path : `${at.path}/${entry.path}`;
    return entryJson(call, at, { ...entry, path });
  });
}

async function contents(call: RepositoryCall): Promise<Reply> {
  const { repo } = call;
  const ref = text(call.query, "ref") || repo.defaultBranch;
  const commit = await resolve(call, ref).catch(() => {
    throw new Refusal(404, `No commit found for the ref ${ref}`);
  });
  const path = text(call.params, "path").replace(/^\/+|\/+$/g, "");
  if (path === "") return { status: 200, body: await folderContents(call, { commit, path }) };
  const entry = await entryAt(repo.folder, { commit, path });
  if (entry === undefined) throw notFound();
  if (entry.type === "tree") {
    return { status: 200, body: await folderContents(call, { commit, path }) };
  }
  const bytes = await blob(repo.folder, entry.sha);
  if (/\braw\b/.test(call.accept)) {
    const type = "application/vnd.github.raw; charset=utf-8";
    return { status: 200, body: bytes, headers: { "content-type": type } };
  }
  const json = entryJson(call, { commit }, entry);
  if (json.type === "symlink") return { status: 200, body: { ...json, target: bytes.toString() } };
  const content = bytes.toString("base64").replaceAll(/(.{60})/g, "$1\n");
  return { status: 200, body: { ...json, encoding: "base64", content } };
}

function repository(call: RepositoryCall): Reply {
  const { caller, repo, state } = call;
  const mine = installationOf(state, repo);
  const granted = caller.kind === "installation" && mine === caller.token.installation;
  const level = granted ? caller.token.permissions.contents : undefined;
  const permissions = {
    admin: false,
    maintain: false,
    push: level === "write",
    triage: false,
    pull: level !== undefined || !repo.private,
  };
  return { status: 200, body: { ...fullRepositoryJson(state, repo), permissions } };
}

const REPO = "/repos/{owner}/{repo}";
const route = (handle: (call: RepositoryCall) => Promise<Reply> | Reply) =>
  ({ auth: "repository", need: CONTENTS, handle }) as const;

/** A repository, its branches, history and files. */
export const REPOSITORY_ROUTES: Routes = {
  [`GET ${REPO}`]: {
    auth: "repository",
    need: { any: ["metadata"], level: "read" },
    handle: repository,
  },
  [`GET ${REPO}/branches`]: route(listBranches),
  [`GET ${REPO}/branches/{branch}`]: route(getBranch),
  [`GET ${REPO}/commits`]: route(listCommits),
  [`GET ${REPO}/commits/{ref}`]: route(getCommit),
  [`GET ${REPO}/compare/{basehead}`]: route(compare),
  [`GET ${REPO}/contents/{path}`]: route(contents),
};
