import type { FileMerge, Sides } from "../../../core/merge.ts";
import { conflictWhole } from "../conflict-whole.ts";
import { compareVersions } from "../version/compare-versions.ts";

const LINE = /^(\S+ v\S+) (h1:\S+)$/;

/**
 * go.sum as the set of lines that it is. One module with two checksums, and lines that are no checksums, are a
 * conflict. Which lines the merged go.mod needs is not in the texts, so the answer is a proposal.
 */
export function mergeGoSum(sides: Sides): FileMerge {
  const [base, ours, theirs] = [sides.base, sides.ours, sides.theirs].map(sumsOf);
  if (!base || !ours || !theirs)
    return conflictWhole(sides, "go.sum has a line that is no checksum");
  const sums = new Map<string, string>();
  for (const [module, sum] of [...ours, ...theirs]) {
    const isGone = base.has(module) && !(ours.has(module) && theirs.has(module));
    if (isGone) continue;
    if ((sums.get(module) ?? sum) !== sum)
      return conflictWhole(sides, "the sides have two checksums of one module");
    sums.set(module, sum);
  }
  const lines = [...sums].map(([module, sum]) => `${module} ${sum}\n`);
  const why = "go.sum is a set of lines, and each side's changes to it are kept";
  return {
    kind: "merged",
    text: lines.sort(byModule).join(""),
    hunks: [{ stage: "rule", line: 1, why, confidence: "proposed" }],
  };
}

/** Checksums by module and version; undefined where a line is none, or two of them disagree. */
function sumsOf(text: string): ReadonlyMap<string, string> | undefined {
  const sums = new Map<string, string>();
  for (const line of text.split(/\r?\n/)) {
    if (line === "") continue;
    const [, module, sum] = LINE.exec(line) ?? [];
    if (module === undefined || sum === undefined || (sums.get(module) ?? sum) !== sum)
      return undefined;
    sums.set(module, sum);
  }
  return sums;
}

/** In go's own order: by module, then by version as go compares them, then a go.mod's line after its module's. */
function byModule(one: string, other: string): number {
  const [a, b] = [partsOf(one), partsOf(other)];
  if (a.module !== b.module) return a.module < b.module ? -1 : 1;
  const order = compareVersions(a.version, b.version, "semver") ?? 0;
  return order || (one < other ? -1 : 1);
}

function partsOf(line: string): { readonly module: string; readonly version: string } {
  const [module = "", version = ""] = line.split(" ");
  return { module, version: version.replace(/\/go\.mod$/, "") };
}
