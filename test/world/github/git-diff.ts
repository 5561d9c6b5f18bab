import { git } from "./git.ts";

export interface FileDiff {
  readonly path: string;
  readonly previousPath: string | undefined;
  readonly status: "added" | "removed" | "modified" | "renamed" | "changed";
  readonly sha: string;
  readonly additions: number;
  readonly deletions: number;
  /** Absent for binary files, as on GitHub. */
  readonly patch: string | undefined;
}

const STATUS: Record<string, FileDiff["status"]> = {
  A: "added",
  D: "removed",
  M: "modified",
  R: "renamed",
  T: "changed",
};

interface Raw {
  readonly status: FileDiff["status"];
  readonly sha: string;
  readonly path: string;
  readonly previousPath: string | undefined;
}

function parseRaw(output: string): Raw[] {
  const parts = output.split("\0");
  const files: Raw[] = [];
  for (let at = 0; at < parts.length; ) {
    const head = parts[at] ?? "";
    if (!head.startsWith(":")) break;
    const [, , before = "", after = "", letter = "M"] = head.split(" ");
    const status = STATUS[letter.charAt(0)] ?? "modified";
    const first = parts[at + 1] ?? "";
    const moved = status === "renamed";
    const sha = status === "removed" ? before : after;
    files.push({
      status,
      sha,
      path: moved ? (parts[at + 2] ?? "") : first,
      previousPath: moved ? first : undefined,
    });
    at += moved ? 3 : 2;
  }
  return files;
}

function hunks(patch: string): string | undefined {
  const start = patch.search(/^@@/m);
  return start < 0 ? undefined : patch.slice(start).trimEnd();
}

function countLines(patch: string | undefined, mark: "+" | "-"): number {
  return patch?.split("\n").filter((line) => line.startsWith(mark)).length ?? 0;
}

/** What differs between two commits or trees, with renames found. */
export async function diffFiles(folder: string, from: string, to: string): Promise<FileDiff[]> {
  const common = ["diff", "-M", "--no-color", "--no-ext-diff", "--full-index"];
  const [raw, patches] = await Promise.all([
    git(folder, [...common, "--raw", "-z", "--abbrev=40", from, to, "--"]),
    git(folder, [...common, from, to, "--"]),
  ]);
  const sections = patches.stdout
    .toString()
    .split(/^diff --git /m)
    .slice(1);
  return parseRaw(raw.stdout.toString()).map((file, index) => {
    const patch = hunks(sections[index] ?? "");
    const additions = countLines(patch, "+");
    const deletions = countLines(patch, "-");
    return { ...file, additions, deletions, patch };
  });
}

/** The unified diff as text. */
export async function diffText(folder: string, from: string, to: string): Promise<string> {
  return (await git(folder, ["diff", "-M", "--no-color", from, to, "--"])).stdout.toString();
}
