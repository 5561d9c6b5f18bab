import { createHash, randomUUID } from "node:crypto";
import type { ChangeSet, Edit } from "../core/change-set.ts";
import { NexusError } from "../core/errors.ts";
import type { NewCommit } from "../core/git.ts";
import { visible } from "../core/untrusted.ts";
import { changedFiles } from "./changed-files.ts";
import { importStream } from "./fast-import.ts";
import type { Git } from "./git.ts";
import { objectId } from "./names.ts";
import type { CommitReader } from "./read-commit.ts";
import { linkProblem, pathProblem } from "./safe-path.ts";
import { checkStrictly } from "./strict-check.ts";

const ABSENT = "absent";
const NOT_AS_ASKED = "is not what was asked for";

/** One bare repository that commits are written into. */
export interface CommitWriter {
  commitEdits(commit: NewCommit): Promise<ChangeSet>;
  commitTree(commit: { parent: string; tree: string; message: string }): Promise<ChangeSet>;
}

/** Writes commits that stay reachable, each read back before it is handed out. */
export function createCommitWriter(git: Git, gitDir: string, read: CommitReader): CommitWriter {
  const asChangeSet = async (base: string, commit: string): Promise<ChangeSet> => {
    const [tree, baseTree] = await Promise.all([read.treeOf(commit), read.treeOf(base)]);
    if (tree === baseTree) return { base, commit: base, tree, files: [] };
    return {
      base,
      commit,
      tree,
      files: [...(await changedFiles(git, { gitDir, from: base, to: commit }))],
    };
  };
  return {
    async commitEdits({ parent, edits, message }) {
      const base = objectId(parent);
      refuseHostile(edits);
      if (edits.length === 0) return asChangeSet(base, base);
      const ref = `refs/nexus/made/${randomUUID()}`;
      const seconds = Math.floor(Date.now() / 1000);
      const words = { message: visible(message), identity: git.identity, seconds };
      const input = importStream({ ref, parent: base, edits, ...words });
      await git.run(["fast-import", "--quiet", "--done"], { gitDir, input });
      try {
        const commit = objectId(await git.line(["rev-parse", "--verify", ref], { gitDir }));
        await holdsExactly({ git, gitDir, read }, { base, commit, edits });
        await checkStrictly(git, gitDir, { base, head: commit });
        return await asChangeSet(base, commit);
      } catch (error) {
        await git.run(["update-ref", "-d", ref], { gitDir });
        throw error;
      }
    },
    async commitTree({ parent, tree, message }) {
      const base = objectId(parent);
      const args = ["commit-tree", "-p", base, "-F", "-", objectId(tree)];
      const commit = objectId(await git.line(args, { gitDir, input: visible(message) }));
      await checkStrictly(git, gitDir, { base, head: commit });
      await git.run(["update-ref", `refs/nexus/made/${randomUUID()}`, commit], { gitDir });
      return asChangeSet(base, commit);
    },
  };
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
}

interface Made {
  readonly base: string;
  readonly commit: string;
  readonly edits: readonly Edit[];
}

/** Both ways: nothing differs that was not asked for, and everything asked for is there. */
async function holdsExactly({ git, gitDir, read }: Where, { base, commit, edits }: Made) {
  const unseen = new Map(edits.map((edit) => [edit.path, wantedEntry(edit, base)]));
  const args = ["diff-tree", "-r", "-z", "--raw", "--no-renames", base, commit];
  const fields = (await git.run(args, { gitDir })).stdout.toString("utf8").split("\0");
  for (let at = 0; fields[at]; at += 2) {
    const path = fields[at + 1] ?? "";
    const [oldMode, mode, , id] = (fields[at] ?? "").slice(1).split(" ");
    if (oldMode === "160000") throw refused(path, "is a submodule");
    const entry = mode === "000000" ? ABSENT : `${mode} ${id}`;
    if (unseen.get(path) !== entry) throw refused(path, NOT_AS_ASKED);
    unseen.delete(path);
  }
  if (unseen.size > 0) await heldBefore(read, commit, unseen);
}

/** What does not differ must have been so on the base. */
async function heldBefore(read: CommitReader, commit: string, wanted: ReadonlyMap<string, string>) {
  const held = new Map((await read.entries(commit)).map((e) => [e.path, `${e.mode} ${e.id}`]));
  for (const [path, entry] of wanted) {
    if ((held.get(path) ?? ABSENT) !== entry) throw refused(path, NOT_AS_ASKED);
  }
}

function wantedEntry(edit: Edit, base: string): string {
  if (edit.kind === "delete") return ABSENT;
  const hash = createHash(base.length === 64 ? "sha256" : "sha1");
  const id = hash.update(`blob ${edit.content.byteLength}\0`).update(edit.content).digest("hex");
  return `${edit.mode} ${id}`;
}

function refused(path: string, problem: string): NexusError {
  const name = JSON.stringify(visible(path).slice(0, 200));
  return new NexusError("git.failed", `The change of ${name} is refused: it ${problem}.`);
}
