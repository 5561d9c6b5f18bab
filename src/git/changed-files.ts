import type { FileChange } from "../core/change-set.ts";
import { visible } from "../core/untrusted.ts";
import type { Git } from "./git.ts";
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

/** Which files differ, with their lines, as git counts them. Sorted by path as git sorts. */
export async function changedFiles(git: Git, range: Range): Promise<readonly FileChange[]> {
  const { gitDir, from, to } = range;
  const args = ["diff-tree", ...PLAIN, "-z", "--raw", "--numstat", objectId(from), objectId(to)];
  const fields = (await git.run(args, { gitDir })).stdout.toString("utf8").split("\0");
  const files = new Map<string, FileChange>();
  let at = 0;
  for (; fields[at]?.startsWith(":"); at += 1) {
    const letter = fields[at]?.split(" ")[4]?.[0] ?? "";
    // A rename names two paths; the new one is the file's.
    at += letter === "R" || letter === "C" ? 2 : 1;
    const path = fields[at] ?? "";
    files.set(path, { path, status: STATUS[letter] ?? "modified" });
  }
  countLines(fields.slice(at), files);
  return [...files.values()];
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
