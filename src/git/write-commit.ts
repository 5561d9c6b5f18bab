import { randomUUID } from "node:crypto";
import { join } from "node:path";
import type { ChangeSet, Edit } from "../core/change-set.ts";
import { NexusError } from "../core/errors.ts";
import type { NewCommit } from "../core/git.ts";
import { visible } from "../core/untrusted.ts";
import { ABSENT, changedFiles, type Difference, readDifference } from "./changed-files.ts";
import { expectedId, type ImportedCommit, importStream, objectHash } from "./fast-import.ts";
import type { Git } from "./git.ts";
import { objectId } from "./names.ts";
import { openQuarantine, type Quarantine } from "./quarantine.ts";
import type { CommitReader } from "./read-commit.ts";
import { linkProblem, pathProblem } from "./safe-path.ts";
import { checkStrictly } from "./strict-check.ts";

const NOT_AS_ASKED = "is not what was asked for";
/** From this many files on the objects stay one pack, as git itself does it. */
const MANY = 60;

/** Where a commit in the making may be cut off: objects made aside, objects in the mirror, commit kept by a ref. */
type CommitStep = "imported" | "stored" | "named";

/** One bare repository that commits are written into. */
export interface CommitWriter {
  commitEdits(commit: NewCommit): Promise<ChangeSet>;
  commitTree(commit: { parent: string; tree: string; message: string }): Promise<ChangeSet>;
}

/** Writes commits that stay reachable, each read back before it is handed out. */
export function createCommitWriter(
  git: Git,
  gitDir: string,
  { read, onStep = () => undefined }: { read: CommitReader; onStep?: (step: CommitStep) => void },
): CommitWriter {
  const unchanged = async (base: string): Promise<ChangeSet> => {
    return { base, commit: base, tree: await read.treeOf(base), files: [] };
  };
  return {
    async commitEdits({ parent, edits, message }) {
      const base = objectId(parent);
      refuseHostile(edits);
      if (edits.length === 0) return unchanged(base);
      const seconds = Math.floor(Date.now() / 1000);
      const words = { message: visible(message), identity: git.identity, seconds };
      const commit = { ref: "refs/heads/new", parent: base, edits, ...words };
      return makeCommit({ git, gitDir, read, onStep }, commit);
    },
    async commitTree({ parent, tree, message }) {
      const base = objectId(parent);
      const args = ["commit-tree", "-p", base, "-F", "-", objectId(tree)];
      const commit = objectId(await git.line(args, { gitDir, input: visible(message) }));
      const range = { gitDir, from: base, to: commit };
      const [files] = await Promise.all([
        changedFiles(git, range),
        checkStrictly(git, gitDir, { base, head: commit }),
      ]);
      if (files.length === 0) return { base, commit: base, tree, files: [] };
      await git.run(["update-ref", madeRef(), commit], { gitDir });
      return { base, commit, tree, files: [...files] };
    },
  };
}

/**
 * The processes are all started at once and wait for each other's words, so that a busy machine is
 * waited for once. Nothing has a name before everything is checked and in the mirror.
 */
async function makeCommit(at: Where, wanted: ImportedCommit): Promise<ChangeSet> {
  const { git, gitDir, onStep } = at;
  const { parent: base, edits } = wanted;
  await using aside = await openQuarantine(gitDir);
  const imported = importAside(at, aside, wanted);
  const stored = storeStrictly(at, {
    many: edits.length > MANY,
    pack: imported.then(() => aside.pack()),
  });
  const differs = readDifference(git, {
    gitDir,
    alsoReads: aside.objects,
    input: imported.then(({ commit }) => `${commit} ${base}\n`),
  }).then((difference) => holdsExactly(at.read, difference, wanted));
  const named = git.run(["update-ref", "--stdin"], {
    gitDir,
    input: allOf([imported, differs, stored]).then(([{ commit }, { files }]) => {
      onStep("stored");
      return files.length > 0 ? `create ${madeRef()} ${commit}\n` : "";
    }),
  });
  const [{ commit, tree }, { files }] = await allOf([imported, differs, stored, named]);
  onStep("named");
  return { base, commit: files.length > 0 ? commit : base, tree, files: [...files] };
}

/** Like `Promise.all`, but nothing is still running when it fails, and the first in line is blamed. */
async function allOf<const T extends readonly Promise<unknown>[]>(parts: T) {
  await Promise.allSettled(parts);
  return Promise.all(parts);
}

async function importAside(
  { git, gitDir, onStep }: Where,
  aside: Quarantine,
  wanted: ImportedCommit,
) {
  const { stdout } = await git.run(
    ["-c", "core.fsync=none", "-c", "fastimport.unpackLimit=0", "fast-import", "--quiet", "--done"],
    {
      gitDir: aside.gitDir,
      alsoReads: join(gitDir, "objects"),
      input: importStream(wanted),
    },
  );
  const [commit = "", listed = ""] = stdout.toString("utf8").split("\n");
  const tree = objectId(/^040000 tree ([0-9a-f]+)\t$/.exec(listed)?.[1] ?? "");
  if (objectId(commit) !== expectedId(wanted, tree)) {
    throw new NexusError("git.failed", "The commit is not what was asked for.");
  }
  onStep("imported");
  return { commit, tree };
}

/** Takes a pack into the mirror, each object checked as strictly as git can, `.gitmodules` included. */
async function storeStrictly(
  { git, gitDir }: Where,
  { many, pack }: { many: boolean; pack: Promise<Uint8Array> },
): Promise<void> {
  // Many small packs would make the mirror slow, and so would many loose objects.
  const args = many ? ["index-pack", "--strict", "--stdin"] : ["unpack-objects", "-q", "--strict"];
  await git.run(args, { gitDir, input: pack });
}

/** A new name that keeps a commit of ours. */
export function madeRef(): string {
  return `refs/nexus/made/${randomUUID()}`;
}

function refuseHostile(edits: readonly Edit[]): void {
  const seen = new Set<string>();
  for (const edit of edits) {
    const problem = pathProblem(edit.path) ?? contentProblem(edit);
    if (problem) throw refused(edit.path, problem);
    if (seen.has(edit.path)) throw refused(edit.path, "is edited twice");
    seen.add(edit.path);
  }
}

function contentProblem(edit: Edit): string | undefined {
  if (edit.kind === "delete" || edit.mode !== "120000") return undefined;
  return linkProblem(edit.path, edit.content);
}

interface Where {
  readonly git: Git;
  readonly gitDir: string;
  readonly read: CommitReader;
  readonly onStep: (step: CommitStep) => void;
}

/** Both ways: nothing differs that was not asked for, and everything asked for is there. */
async function holdsExactly(
  read: CommitReader,
  difference: Difference,
  { parent, edits }: ImportedCommit,
): Promise<Difference> {
  const [submodule] = difference.submodules;
  if (submodule !== undefined) throw refused(submodule, "is a submodule");
  const unseen = new Map(edits.map((edit) => [edit.path, wantedEntry(edit, parent)]));
  for (const [path, entry] of difference.now) {
    if (unseen.get(path) !== entry) throw refused(path, NOT_AS_ASKED);
    unseen.delete(path);
  }
  if (unseen.size > 0) await heldBefore(read, parent, unseen);
  return difference;
}

/** What does not differ must have been so on the base. */
async function heldBefore(read: CommitReader, base: string, wanted: ReadonlyMap<string, string>) {
  const entries = await read.entries(base, [...wanted.keys()]);
  const held = new Map(entries.map((e) => [e.path, `${e.mode} ${e.id}`]));
  for (const [path, entry] of wanted) {
    if ((held.get(path) ?? ABSENT) !== entry) throw refused(path, NOT_AS_ASKED);
  }
}

function wantedEntry(edit: Edit, base: string): string {
  if (edit.kind === "delete") return ABSENT;
  const id = objectHash("blob", edit.content, base.length);
  return `${edit.mode} ${id}`;
}

function refused(path: string, problem: string): NexusError {
  const name = JSON.stringify(visible(path).slice(0, 200));
  return new NexusError("git.failed", `The change of ${name} is refused: it ${problem}.`);
}
