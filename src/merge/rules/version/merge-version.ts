import type { FileMerge, HunkReport, Sides } from "../../../core/merge.ts";
import { conflictWhole } from "../conflict-whole.ts";
import type { MergeText } from "../rule.ts";
import { compareVersions } from "./compare-versions.ts";
import type { VersionFile, VersionPlace } from "./version-place.ts";

/**
 * Where both sides raised the version, the higher one is taken and the rest of the file merged as if both had
 * raised it so. A side that went down, or that counts differently, leaves a conflict.
 */
export function mergeVersion(file: VersionFile, sides: Sides, mergeText: MergeText): FileMerge {
  const base = file.find(sides.base);
  const ours = file.find(sides.ours);
  const theirs = file.find(sides.theirs);
  if (!base || !ours || !theirs) return mergeText(sides);
  const isSettled = [base.value, theirs.value].includes(ours.value) || theirs.value === base.value;
  if (isSettled) return mergeText(sides);

  const compare = (one: VersionPlace, other: VersionPlace) =>
    compareVersions(one.value, other.value, file.scheme);
  const order = compare(ours, theirs);
  const raised = [ours, theirs].map((side) => compare(side, base));
  if (order === undefined || raised.includes(undefined)) return conflictWhole(sides, UNORDERED);
  if (!raised.every((one) => one !== undefined && one > 0)) return conflictWhole(sides, LOWERED);
  const { value } = order > 0 ? ours : theirs;
  const rest = mergeText({
    path: sides.path,
    base: withVersion(sides.base, base, value),
    ours: withVersion(sides.ours, ours, value),
    theirs: withVersion(sides.theirs, theirs, value),
  });
  // What stands between markers would say that both sides have the version that one of them has.
  if (rest.kind === "conflicted") return mergeText(sides);
  const at = file.find(rest.text);
  if (at?.value !== value) return conflictWhole(sides, "the version is not where it was");
  return { ...rest, hunks: [...rest.hunks, report(lineAt(rest.text, at.start))] };
}

const UNORDERED = "both sides changed the version, and the versions cannot be put in an order";
const LOWERED = "both sides changed the version, and not both of them raised it";

function withVersion(text: string, { start, end }: VersionPlace, value: string): string {
  return text.slice(0, start) + value + text.slice(end);
}

function lineAt(text: string, offset: number): number {
  return text.slice(0, offset).split("\n").length;
}

function report(line: number): HunkReport {
  const why = "both sides raised the version; the higher one is taken";
  return { stage: "rule", line, why, confidence: "proven" };
}
