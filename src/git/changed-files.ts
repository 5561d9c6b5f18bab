import type { FileChange } from "../core/change-set.ts";
import { visible } from "../core/untrusted.ts";
import type { Git, Run } from "./git.ts";
import { objectId } from "./names.ts";

// git's own drivers and converters are off: attributes come from the repository.
const PLAIN = [
  "-r",
  "-M",
  "--no-ext-diff",
  "--no-textconv",
  "--no-color",
  "--ignore-submodules=none",
];

const NUMBERED = [...PLAIN, "-z", "--raw", "--numstat"];
const SUBMODULE = "160000";

/** Counts, then a path that may itself hold tabs and newlines. */
const NUMBERS = /^(\d+|-)\t(\d+|-)\t([\s\S]*)$/;

const STATUS: Readonly<Record<string, FileChange["status"]>> = {
  A: "added",
  C: "added",
  M: "modified",
  D: "deleted",
  R: "renamed",
  T: "type-changed",
};

/** Two commits or trees of one bare repository. */
export interface Range {
  readonly gitDir: string;
  readonly from: string;
  readonly to: string;
}

/** What is at a path now: mode and id of a file or link, `absent` where nothing is. */
export const ABSENT = "absent";

/** A difference as git sees it. */
export interface Difference {
  readonly files: readonly FileChange[];
  /** Every path that differs, both names of a rename among them, with what is there now. */
  readonly now: ReadonlyMap<string, string>;
  /** Paths that hold or held another repository. */
  readonly submodules: readonly string[];
}

/** Which files differ, with their lines, as git counts them. Sorted by path as git sorts. */
export async function changedFiles(git: Git, range: Range): Promise<readonly FileChange[]> {
  const { gitDir, from, to } = range;
  const args = ["diff-tree", ...NUMBERED, objectId(from), objectId(to)];
  return parseDifference((await git.run(args, { gitDir })).stdout).files;
}

/** Compares a commit with its base as soon as both are told on `input`: `commit base`, one line. */
export async function readDifference(git: Git, how: Run): Promise<Difference> {
  const args = ["diff-tree", "--stdin", "--no-commit-id", ...NUMBERED];
  return parseDifference((await git.run(args, how)).stdout);
}

function parseDifference(stdout: Buffer): Difference {
  const fields = stdout.toString("utf8").split("\0");
  const difference = { files: new Map<string, FileChange>(), now: new Map(), submodules: [] };
  let at = 0;
  while (fields[at]?.startsWith(":")) at += takeRecord(fields.slice(at, at + 3), difference);
  countLines(fields.slice(at), difference.files);
  return { ...difference, files: [...difference.files.values()] };
}

interface Parsed {
  readonly files: Map<string, FileChange>;
  readonly now: Map<string, string>;
  readonly submodules: string[];
}

/** How many fields the record has that these begin with. */
function takeRecord([head = "", first = "", second = ""]: string[], into: Parsed): number {
  const [oldMode = "", mode = "", , id = "", letter = ""] = head.slice(1).split(" ");
  // A rename names two paths; the new one is the file's.
  const renamed = letter.startsWith("R");
  const path = renamed ? second : first;
  if (renamed) into.now.set(first, ABSENT);
  into.now.set(path, mode === "000000" ? ABSENT : `${mode} ${id}`);
  into.files.set(path, { path, status: STATUS[letter.charAt(0)] ?? "modified" });
  if ([oldMode, mode].includes(SUBMODULE)) into.submodules.push(path);
  return renamed ? 3 : 2;
}

function countLines(fields: readonly string[], files: Map<string, FileChange>): void {
  for (let at = 0; fields[at]; at += 1) {
    const [, insertions, deletions, name] = NUMBERS.exec(fields[at] ?? "") ?? [];
    // A rename leaves the name empty; the old and the new one follow.
    if (!name) at += 2;
    const path = name || (fields[at] ?? "");
    const file = files.get(path);
    if (!file || insertions === "-") continue;
    files.set(path, { ...file, insertions: Number(insertions), deletions: Number(deletions) });
  }
}

/** The unified diff as text a person can trust their eyes on, cut at a line within `maxBytes`. */
export async function diffText(git: Git, range: Range, maxBytes: number): Promise<string> {
  const { gitDir, from, to } = range;
  const args = ["diff-tree", "-p", ...PLAIN, objectId(from), objectId(to)];
  const { stdout } = await git.run(args, { gitDir, cutAt: maxBytes + 1 });
  const text = visible(stdout.toString("utf8"));
  if (Buffer.byteLength(text) <= maxBytes && stdout.length <= maxBytes) return text;
  const kept = Buffer.from(text).subarray(0, maxBytes);
  return kept.subarray(0, kept.lastIndexOf("\n") + 1).toString("utf8");
}
