import { NexusError } from "../core/errors.ts";
import type { Repo } from "../core/task.ts";
import { takeBundle } from "./bundle.ts";
import type { GitOptions } from "./environment.ts";
import { createGit, type Git } from "./git.ts";
import { createMirrors, type FetchingMirror } from "./mirrors.ts";
import { branchRef, objectId, pushable } from "./names.ts";
import type { Remote } from "./remote.ts";
import { checkStrictly } from "./strict-check.ts";

/** A branch that must point at `head`, with the objects it takes to get there. */
export interface BundlePush extends GitOptions {
  /** The publisher's own mirrors. */
  readonly folder: string;
  readonly repo: Repo;
  /** Whose branch it is: what an earlier run of this task left there may be replaced. */
  readonly taskId: string;
  readonly url: string;
  readonly token?: string | undefined;
  readonly branch: string;
  readonly base: string;
  readonly head: string;
  readonly tree: string;
  /** Somebody's own branch: moved forward from `base`, where it must be, to its merge with this commit. */
  readonly joins?: string | undefined;
  readonly bundle: Uint8Array;
  readonly signal: AbortSignal;
}

/** What the remote says the branch is. */
export interface Pushed {
  readonly head: string;
  readonly tree: string;
}

/**
 * Makes the branch point at `head` and reads it back; doing it twice is doing it once. A branch that
 * holds anything but Nexus' own commits for this task is left alone: `git.rejected`. One that is not Nexus' own is
 * only ever moved forward, to a merge of exactly what it holds, and never where it is the repository's default.
 */
export async function pushBundle(push: BundlePush): Promise<Pushed> {
  const ref = push.joins === undefined ? pushable(push.branch) : branchRef(push.branch);
  const git = createGit(push);
  const mirror = await createMirrors(push).open(push.repo);
  const remote = await mirror.remote(push);
  await takeObjects(git, mirror, push);
  const before = await remote.tip(ref);
  if (before !== push.head) {
    if (push.joins !== undefined) await refuseUnlessForward(remote, { ...push, ref, before });
    else if (before) await refuseForeign(git, mirror, { ...push, before });
    await pushOnce(remote, { head: push.head, ref, expected: before });
  }
  return { head: push.head, tree: push.tree };
}

/** The objects come from the store: they are checked like a stranger's before anything leaves. */
async function takeObjects(git: Git, mirror: FetchingMirror, push: BundlePush): Promise<void> {
  const { base, head, tree, url, token, signal } = push;
  const { gitDir } = mirror;
  await mirror.fetch({ url, token, ref: objectId(base), signal });
  if (push.joins === undefined) await git.run(["update-ref", baseRef(base), base], { gitDir });
  else await keepJoined(git, mirror, { ...push, joins: push.joins });
  const checked = `refs/nexus/pushed/${objectId(head)}`;
  const known = await git.run(["show-ref", "--verify", "--quiet", checked], {
    gitDir,
    answers: [0, 1],
  });
  if (known.exitCode !== 0) {
    await takeBundle(git, gitDir, push.bundle);
    if (!(await mirror.hasCommit(head))) {
      throw new NexusError("git.failed", "The bundle does not hold the commit it is for.");
    }
    await checkStrictly(git, gitDir, { base, others: push.joins ? [push.joins] : [], head });
    await git.run(["update-ref", checked, head], { gitDir });
  }
  if ((await mirror.treeOf(head)) !== tree) {
    throw new NexusError("git.failed", "The bundle does not hold the tree that was verified.");
  }
  const descends = ["merge-base", "--is-ancestor", base, head];
  if ((await git.run(descends, { gitDir, answers: [0, 1] })).exitCode !== 0) {
    throw new NexusError("git.failed", "The bundle does not build on its base.");
  }
  if (push.joins !== undefined) await mustBeMerge(git, gitDir, { ...push, joins: push.joins });
}

type Joining = BundlePush & { readonly joins: string };

/** Both parents of a merge are here and have names, as the bundle needs it. */
async function keepJoined(git: Git, mirror: FetchingMirror, push: Joining): Promise<void> {
  const { base, joins, url, token, signal } = push;
  await mirror.fetch({ url, token, ref: objectId(joins), signal });
  for (const parent of [base, joins]) {
    const name = `refs/nexus/joined/${objectId(parent)}`;
    await git.run(["update-ref", name, parent], { gitDir: mirror.gitDir });
  }
}

/** Nothing but one merge of ours is ever put on a branch that is not ours. */
async function mustBeMerge(git: Git, gitDir: string, push: Joining): Promise<void> {
  const { email, task, parents } = await readOrigin(git, gitDir, push.head);
  const isOurs = email === git.identity.email && task === push.taskId;
  if (isOurs && parents.join() === [push.base, push.joins].join()) return;
  throw new NexusError("git.rejected", "What is to be pushed is not this task's merge.");
}

interface Forward {
  readonly branch: string;
  readonly base: string;
  readonly ref: string;
  readonly before: string | undefined;
}

async function refuseUnlessForward(remote: Remote, { base, ref, before }: Forward): Promise<void> {
  if (before !== base) {
    throw new NexusError("git.rejected", "The branch is not where it was when it was read.", {
      hint: "Somebody has pushed to it meanwhile, or it is gone. Ask again.",
    });
  }
  if ((await remote.defaultRef()) !== ref) return;
  throw new NexusError("git.rejected", "The default branch of a repository is never moved.");
}

/** A base that a push of this publisher stood on: a commit of the repository's own branches. */
function baseRef(base: string): string {
  return `refs/nexus/bases/${objectId(base)}`;
}

const FOREIGN = "The branch holds commits that Nexus did not make for this task.";
const NEWER = "The branch holds newer commits of this task already.";
/** More commits than one task makes. */
const LONGEST_CHAIN = 200;

type Replacing = BundlePush & { readonly before: string };

/** What may be moved on from: a commit of ours that the new head contains, or all that an earlier run left. */
async function refuseForeign(git: Git, mirror: FetchingMirror, push: Replacing): Promise<void> {
  const { base, head, before } = push;
  const { gitDir } = mirror;
  const { stdout } = await git.run(["rev-list", head, `^${base}`], { gitDir });
  const contained = new Set([base, ...stdout.toString("utf8").trim().split("\n")]);
  const problem = contained.has(before)
    ? (await readOrigin(git, gitDir, before)).email !== git.identity.email && FOREIGN
    : await whyNotReplace(git, mirror, push);
  if (!problem) return;
  throw new NexusError("git.rejected", problem, {
    hint: "Nexus never overwrites another's work. Delete or rename the branch, then ask again.",
  });
}

/**
 * A run whose commits were lost with its machine begins anew and makes other ones. What is on the branch may go
 * when each commit down to a base is of this very task; a chain that holds the new head is not older than it.
 */
async function whyNotReplace(
  git: Git,
  mirror: FetchingMirror,
  push: Replacing,
): Promise<string | false> {
  const { gitDir } = mirror;
  let at = push.before;
  for (let length = 0; length < LONGEST_CHAIN; length++) {
    if (at === push.head) return NEWER;
    // The mirror is shallow: a commit is brought before it is read.
    await mirror.fetch({ url: push.url, token: push.token, ref: at, signal: push.signal });
    const { email, task, parents } = await readOrigin(git, gitDir, at);
    const [parent, ...more] = parents;
    if (email !== git.identity.email || task !== push.taskId || !parent || more.length > 0) break;
    if (await isBase(git, gitDir, parent)) return false;
    at = parent;
  }
  return FOREIGN;
}

async function isBase(git: Git, gitDir: string, commit: string): Promise<boolean> {
  const asked = ["show-ref", "--verify", "--quiet", baseRef(commit)];
  return (await git.run(asked, { gitDir, answers: [0, 1] })).exitCode === 0;
}

/** Who made a commit, for which task, and on what: read from the commit itself, which a shallow mirror's log hides. */
async function readOrigin(git: Git, gitDir: string, commit: string) {
  const format = "--format=%ce%n%(trailers:key=Nexus-Task,valueonly,separator=%x20)";
  const show = ["show", "--no-patch", "--no-show-signature", format, objectId(commit)];
  const [shown, raw] = await Promise.all([
    git.line(show, { gitDir }),
    git.line(["cat-file", "commit", objectId(commit)], { gitDir }),
  ]);
  const [email = "", task = ""] = shown.split("\n");
  const [header = ""] = raw.split("\n\n", 1);
  const parents = [...header.matchAll(/^parent ([0-9a-f]+)$/gm)].map(([, id = ""]) => id);
  return { email, task, parents };
}

/** A lost reply is no failure: the remote is asked what came of it. */
async function pushOnce(
  remote: Remote,
  move: { head: string; ref: string; expected: string | undefined },
): Promise<void> {
  const failure = await remote.push(move).then(
    () => undefined,
    (error: unknown) => error,
  );
  if (failure instanceof NexusError && failure.code === "aborted") throw failure;
  const after = await remote.tip(move.ref);
  if (after === move.head) return;
  if (after !== move.expected) {
    throw new NexusError("git.rejected", "The branch was moved by somebody else meanwhile.", {
      cause: failure,
    });
  }
  throw (
    failure ??
    new NexusError("git.failed", "The push left the branch where it was.", { retryable: true })
  );
}
