import {
  invalid,
  type Need,
  notFound,
  Refusal,
  type Reply,
  type RepositoryCall,
  type Routes,
  text,
} from "./call.ts";
import {
  blob,
  commitOf,
  dropRef,
  git,
  isAncestor,
  isRefName,
  listTree,
  objectType,
  readCommit,
  refsOf,
  setRef,
} from "./git.ts";
import { gitCommitJson } from "./shapes/commit.ts";
import { repositoryUrl } from "./shapes/repository.ts";
import { type Json, nodeId } from "./state.ts";

const READ: Need = { any: ["contents"], level: "read" };
const WRITE: Need = { any: ["contents"], level: "write" };
const SHA = /^[0-9a-f]{40}$/;

async function refJson(call: RepositoryCall, ref: string, sha: string): Promise<Json> {
  const url = repositoryUrl(call.state, call.repo);
  const type = (await objectType(call.repo.folder, sha)) ?? "commit";
  return {
    ref,
    node_id: nodeId("REF", `${call.repo.id}:${ref}`),
    url: `${url}/git/${ref}`,
    object: { type, sha, url: `${url}/git/${type}s/${sha}` },
  };
}

const refAsked = (call: RepositoryCall) => `refs/${text(call.params, "ref")}`;

async function getRef(call: RepositoryCall): Promise<Reply> {
  const ref = refAsked(call);
  const sha = (await refsOf(call.repo.folder)).get(ref);
  if (sha === undefined) throw notFound();
  return { status: 200, body: await refJson(call, ref, sha) };
}

async function matchingRefs(call: RepositoryCall): Promise<Reply> {
  const refs = [...(await refsOf(call.repo.folder))];
  const matching = refs.filter(([ref]) => ref.startsWith(refAsked(call)));
  const body = await Promise.all(matching.map(([ref, sha]) => refJson(call, ref, sha)));
  return { status: 200, body };
}

async function createRef(call: RepositoryCall): Promise<Reply> {
  const { folder } = call.repo;
  const ref = text(call.body, "ref");
  const sha = text(call.body, "sha");
  if (!/^refs\/(heads|tags)\/./.test(ref) || !(await isRefName(folder, ref))) {
    throw new Refusal(422, `${ref} is not a valid ref name.`);
  }
  if (!SHA.test(sha)) throw new Refusal(422, "The sha parameter must be exactly 40 characters");
  if ((await objectType(folder, sha)) === undefined) {
    throw new Refusal(422, "Object does not exist");
  }
  if ((await refsOf(folder)).has(ref)) throw new Refusal(422, "Reference already exists");
  await setRef(folder, ref, sha);
  await call.hub.refsChanged(call.repo, call.state.bot);
  return { status: 201, body: await refJson(call, ref, sha) };
}

async function updateRef(call: RepositoryCall): Promise<Reply> {
  const { folder } = call.repo;
  const ref = refAsked(call);
  const sha = text(call.body, "sha");
  const old = (await refsOf(folder)).get(ref);
  if (old === undefined) throw new Refusal(422, "Reference does not exist");
  if ((await objectType(folder, sha)) === undefined) {
    throw new Refusal(422, "Object does not exist");
  }
  if (call.body.force !== true && !(await isAncestor(folder, old, sha))) {
    throw new Refusal(422, "Update is not a fast forward");
  }
  await setRef(folder, ref, sha);
  await call.hub.refsChanged(call.repo, call.state.bot);
  return { status: 200, body: await refJson(call, ref, sha) };
}

async function deleteRef(call: RepositoryCall): Promise<Reply> {
  const { repo } = call;
  const ref = refAsked(call);
  if (!(await refsOf(repo.folder)).has(ref)) throw new Refusal(422, "Reference does not exist");
  if (ref === `refs/heads/${repo.defaultBranch}`) {
    throw new Refusal(422, "Cannot delete the default branch");
  }
  await dropRef(repo.folder, ref);
  await call.hub.refsChanged(repo, call.state.bot);
  return { status: 204 };
}

async function getCommit(call: RepositoryCall): Promise<Reply> {
  const sha = text(call.params, "commit_sha");
  if (!SHA.test(sha) || (await objectType(call.repo.folder, sha)) !== "commit") throw notFound();
  const commit = await readCommit(call.repo.folder, sha);
  return { status: 200, body: gitCommitJson(call.state, call.repo, commit) };
}

async function getTree(call: RepositoryCall): Promise<Reply> {
  const { folder } = call.repo;
  const name = text(call.params, "tree_sha");
  const args = ["rev-parse", "--verify", "--quiet", "--end-of-options", `${name}^{tree}`];
  const found = await git(folder, args, { allow: [1, 128] });
  if (found.code !== 0) throw notFound();
  const sha = found.stdout.toString().trim();
  const url = repositoryUrl(call.state, call.repo);
  const entries = await listTree(folder, sha, call.query.recursive !== undefined);
  const tree = entries.map((entry) => ({
    path: entry.path,
    mode: entry.mode,
    type: entry.type,
    sha: entry.sha,
    ...(entry.size === undefined ? {} : { size: entry.size }),
    url: `${url}/git/${entry.type}s/${entry.sha}`,
  }));
  return { status: 200, body: { sha, url: `${url}/git/trees/${sha}`, tree, truncated: false } };
}

async function getBlob(call: RepositoryCall): Promise<Reply> {
  const sha = text(call.params, "file_sha");
  if (!SHA.test(sha) || (await objectType(call.repo.folder, sha)) !== "blob") throw notFound();
  const bytes = await blob(call.repo.folder, sha);
  return {
    status: 200,
    body: {
      sha,
      node_id: nodeId("B", sha),
      size: bytes.length,
      url: `${repositoryUrl(call.state, call.repo)}/git/blobs/${sha}`,
      content: bytes.toString("base64"),
      encoding: "base64",
    },
  };
}

/** The full id of an existing commit, for what is attached to commits. */
export async function commitAsked(call: RepositoryCall, sha: string): Promise<string> {
  const found = SHA.test(sha) ? await commitOf(call.repo.folder, sha) : undefined;
  if (found === undefined) throw invalid({ resource: "Commit", field: "sha", code: "invalid" });
  return found;
}

const REPO = "/repos/{owner}/{repo}/git";
const route = (need: Need, handle: (call: RepositoryCall) => Promise<Reply>) =>
  ({ auth: "repository", need, handle }) as const;

/** git's own objects and refs. */
export const GIT_ROUTES: Routes = {
  [`GET ${REPO}/ref/{ref}`]: route(READ, getRef),
  [`GET ${REPO}/matching-refs/{ref}`]: route(READ, matchingRefs),
  [`POST ${REPO}/refs`]: route(WRITE, createRef),
  [`PATCH ${REPO}/refs/{ref}`]: route(WRITE, updateRef),
  [`DELETE ${REPO}/refs/{ref}`]: route(WRITE, deleteRef),
  [`GET ${REPO}/commits/{commit_sha}`]: route(READ, getCommit),
  [`GET ${REPO}/trees/{tree_sha}`]: route(READ, getTree),
  [`GET ${REPO}/blobs/{file_sha}`]: route(READ, getBlob),
};
