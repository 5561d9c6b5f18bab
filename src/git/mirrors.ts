import { randomUUID } from "node:crypto";
import { mkdir, rename, rm } from "node:fs/promises";
import { join, resolve } from "node:path";
import { NexusError } from "../core/errors.ts";
import type { Mirror } from "../core/git.ts";
import type { Repo } from "../core/task.ts";
import { writeAskpass } from "./askpass.ts";
import { blame } from "./blame.ts";
import { makeBundle } from "./bundle.ts";
import { changedFiles, diffText } from "./changed-files.ts";
import { commitMerge, editTree } from "./commit-merge.ts";
import { deepenHistory } from "./deepen-history.ts";
import type { GitOptions } from "./environment.ts";
import { createGit, type Git } from "./git.ts";
import { grep } from "./grep.ts";
import { madeByUs } from "./made-by-us.ts";
import { mergeCommits, mergeTrees } from "./merge-trees.ts";
import { fetchable, mirrorPath, objectId } from "./names.ts";
import { newestMessages } from "./newest-messages.ts";
import { readBlobs } from "./read-blobs.ts";
import { createCommitReader } from "./read-commit.ts";
import { createRemote, type Remote } from "./remote.ts";
import { tidyMirror } from "./tidy.ts";
import { createCommitWriter } from "./write-commit.ts";

/** What to bring from where. */
interface FetchOptions {
  readonly url: string;
  readonly token?: string | undefined;
  /** `refs/heads/…`, `refs/pull/…/head`, or the id of a commit. */
  readonly ref: string;
  readonly signal: AbortSignal;
}

/** Between which commits history is wanted; both are here. */
interface DeepenOptions extends Omit<FetchOptions, "ref"> {
  readonly ours: string;
  readonly theirs: string;
}

/** A mirror that can be brought up to date. */
export interface FetchingMirror extends Mirror {
  /** Brings the commit with its full tree, once at a time, and returns its id. */
  fetch(options: FetchOptions): Promise<string>;
  /**
   * Brings history until the common ancestors of two commits are known for sure, or there is no more. Returns the
   * commits whose parents are still not here: none when it is known.
   */
  deepen(options: DeepenOptions): Promise<readonly string[]>;
  /** The remote of this mirror under this token. */
  remote(options: Omit<FetchOptions, "ref">): Promise<Remote>;
}

/** All mirrors of this machine, one bare repository each. */
export interface Mirrors {
  /** Opens the mirror, created when missing. Refuses names that are none. */
  open(repo: Repo): Promise<FetchingMirror>;
}

/** Keeps mirrors below one folder that belongs to Nexus alone. */
export function createMirrors(options: GitOptions & { readonly folder: string }): Mirrors {
  const git = createGit(options);
  const folder = resolve(options.folder);
  const queues = new Map<string, Promise<unknown>>();
  const tidied = new Set<string>();
  const askpass = once(() => writeAskpass(folder));
  return {
    async open(repo) {
      const gitDir = join(folder, mirrorPath(repo));
      const inTurn = <T>(work: () => Promise<T>): Promise<T> => {
        const turn = (queues.get(gitDir) ?? Promise.resolve()).then(work, work);
        queues.set(gitDir, turn);
        return turn;
      };
      await inTurn(async () => {
        await createMissing(git, gitDir);
        // Once for each start of Nexus: a crash ends with a start.
        if (!tidied.has(gitDir)) await tidyMirror(gitDir, Date.now());
        tidied.add(gitDir);
      });
      const mirror = createMirror(git, gitDir);
      const remote = async (at: Omit<FetchOptions, "ref">) =>
        createRemote(git, { ...at, gitDir, askpass: await askpass() });
      return {
        ...mirror,
        remote,
        deepen: (what) => {
          const pair = { gitDir, ours: what.ours, theirs: what.theirs };
          const work = async () => deepenHistory(git, await remote(what), pair);
          return unlessStopped(inTurn(work), what.signal);
        },
        fetch: (what) => {
          const work = async () => fetchInto({ git, mirror }, await remote(what), what.ref);
          return unlessStopped(inTurn(work), what.signal);
        },
      };
    },
  };
}

/** Waiting for one's turn ends when the work is stopped; the turn itself then fails at once. */
async function unlessStopped<T>(turn: Promise<T>, signal: AbortSignal): Promise<T> {
  const { promise: stopped, reject } = Promise.withResolvers<never>();
  const stop = () => reject(new NexusError("aborted", "The fetch was stopped."));
  signal.addEventListener("abort", stop, { once: true });
  try {
    return await Promise.race([turn, stopped]);
  } finally {
    signal.removeEventListener("abort", stop);
  }
}

function once<T>(make: () => Promise<T>): () => Promise<T> {
  let made: Promise<T> | undefined;
  return () => {
    made ??= make().catch((error: unknown) => {
      made = undefined;
      throw error;
    });
    return made;
  };
}

/** A new mirror appears whole: it is made aside and moved into place. */
async function createMissing(git: Git, gitDir: string): Promise<void> {
  const asks = ["rev-parse", "--is-bare-repository"];
  await mkdir(gitDir, { recursive: true });
  const answer = await git.run(asks, { gitDir, answers: [0, 128] });
  if (answer.exitCode === 0) return;
  const fresh = `${gitDir}.${randomUUID()}`;
  await mkdir(fresh);
  try {
    await git.run(["init", "--quiet", "--bare", "--template=", "--initial-branch=none"], {
      gitDir: fresh,
    });
    await rename(fresh, gitDir);
  } catch (cause) {
    await rm(fresh, { recursive: true, force: true });
    // Another process was faster.
    if ((await git.run(asks, { gitDir, answers: [0, 128] })).exitCode === 0) return;
    throw new NexusError("git.failed", "The mirror could not be made.", { cause });
  }
}

function createMirror(git: Git, gitDir: string): Mirror {
  const read = createCommitReader(git, gitDir);
  const write = createCommitWriter(git, gitDir, { read });
  return {
    gitDir,
    ...read,
    ...write,
    grep: (what) => grep(git, gitDir, what),
    commitMerge: (merge) => commitMerge({ git, gitDir }, merge),
    editTree: (tree, edits) => editTree({ git, gitDir, write }, tree, edits),
    mergeTrees: (sides) => mergeTrees({ git, gitDir, read }, sides),
    mergeCommits: (sides) => mergeCommits({ git, gitDir, read }, sides),
    readBlobs: (ids, bounds) => readBlobs({ git, gitDir }, ids, bounds),
    changedFiles: (from, to) => changedFiles(git, { gitDir, from, to }),
    diff: (from, to, maxBytes) => diffText(git, { gitDir, from, to }, maxBytes),
    blame: (range) => blame(git, gitDir, range),
    madeByUs: (range) => madeByUs(git, gitDir, range),
    newestMessages: (range) => newestMessages(git, gitDir, range),
    bundle: (base, head, without) => makeBundle(git, gitDir, { base, head, without }),
  };
}

/**
 * A commit that is here is not fetched again: a shallow fetch would cut the history of a commit that
 * Nexus made itself.
 */
async function fetchInto(
  { git, mirror }: { git: Git; mirror: Mirror },
  remote: Remote,
  name: string,
): Promise<string> {
  const ref = fetchable(name);
  const tip = ref.startsWith("refs/") ? await remote.tip(ref) : ref;
  if (!tip) {
    throw new NexusError("git.failed", `The remote has no ${ref}.`, {
      hint: "Was the branch deleted?",
    });
  }
  if (await mirror.hasCommit(tip)) return tip;
  const into = `refs/nexus/fetched/${randomUUID()}`;
  await remote.fetch(ref, into);
  return objectId(
    await git.line(["rev-parse", "--verify", `${into}^{commit}`], { gitDir: mirror.gitDir }),
  );
}
