import { NexusError } from "../core/errors.ts";
import type { Repo } from "../core/task.ts";
import { takeBundle } from "./bundle.ts";
import type { GitOptions } from "./environment.ts";
import { createGit, type Git } from "./git.ts";
import { createMirrors, type FetchingMirror } from "./mirrors.ts";
import { objectId, pushable } from "./names.ts";
import type { Remote } from "./remote.ts";
import { checkStrictly } from "./strict-check.ts";

/** A branch that must point at `head`, with the objects it takes to get there. */
export interface BundlePush extends GitOptions {
  /** The publisher's own mirrors. */
  readonly folder: string;
  readonly repo: Repo;
  readonly url: string;
  readonly token?: string | undefined;
  readonly branch: string;
  readonly base: string;
  readonly head: string;
  readonly tree: string;
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
 * holds anything but Nexus' own earlier commits is left alone: `git.rejected`.
 */
export async function pushBundle(push: BundlePush): Promise<Pushed> {
  const ref = pushable(push.branch);
  const git = createGit(push);
  const mirror = await createMirrors(push).open(push.repo);
  const remote = await mirror.remote(push);
  await takeObjects(git, mirror, push);
  const before = await remote.tip(ref);
  if (before !== push.head) {
    if (before) await refuseForeign(git, mirror, { ...push, before });
    await pushOnce(remote, { head: push.head, ref, expected: before });
  }
  return { head: push.head, tree: push.tree };
}

/** The objects come from the store: they are checked like a stranger's before anything leaves. */
async function takeObjects(git: Git, mirror: FetchingMirror, push: BundlePush): Promise<void> {
  const { base, head, tree, url, token, signal } = push;
  const { gitDir } = mirror;
  await mirror.fetch({ url, token, ref: objectId(base), signal });
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
    await checkStrictly(git, gitDir, { base, head });
    await git.run(["update-ref", checked, head], { gitDir });
  }
  if ((await mirror.treeOf(head)) !== tree) {
    throw new NexusError("git.failed", "The bundle does not hold the tree that was verified.");
  }
  const descends = ["merge-base", "--is-ancestor", base, head];
  if ((await git.run(descends, { gitDir, answers: [0, 1] })).exitCode !== 0) {
    throw new NexusError("git.failed", "The bundle does not build on its base.");
  }
}

/** Only a commit that Nexus made and that the new head contains may be moved on from. */
async function refuseForeign(
  git: Git,
  mirror: FetchingMirror,
  { base, head, before }: BundlePush & { before: string },
): Promise<void> {
  const { gitDir } = mirror;
  const { stdout } = await git.run(["rev-list", head, `^${base}`], { gitDir });
  const contained = new Set([base, ...stdout.toString("utf8").trim().split("\n")]);
  const format = ["show", "--no-patch", "--no-show-signature", "--format=%ce", before];
  const ours = contained.has(before) && (await git.line(format, { gitDir })) === git.identity.email;
  if (ours) return;
  throw new NexusError("git.rejected", "The branch holds commits that are not from Nexus.", {
    hint: "Nexus never overwrites another's work. Delete or rename the branch, then ask again.",
  });
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
