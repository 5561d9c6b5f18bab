import type { FileMerge, Sides } from "../../../core/merge.ts";
import { conflictWhole } from "../conflict-whole.ts";
import { nameOf } from "../path-parts.ts";
import type { MergeText } from "../rule.ts";

const FILE =
  /^_*version_*(?:\.\w+)+$|^__(?:init|about)__\.py$|\.properties$|^build\.gradle|^CMakeLists\.txt$/i;
const PART =
  /^.{0,80}?(?:major|minor|patch|micro|versionCode|build_?number)\w*["']?[^\w\n]{1,10}(\d{1,9})\b/gim;

/** True for a file that says its version in several places, such as a major and a minor number, of which both sides changed some. */
export function haveBothMovedParts(
  path: string,
  { base, ours, theirs }: Pick<Sides, "base" | "ours" | "theirs">,
): boolean {
  if (!FILE.test(nameOf(path))) return false;
  const [before, mine, other] = [base, ours, theirs].map(partsOf);
  return mine !== before && other !== before && mine !== other;
}

/** Parts of two versions make none that anybody meant, however far they stand apart. */
export function mergeVersionParts(sides: Sides, mergeText: MergeText): FileMerge {
  const merge = mergeText(sides);
  if (merge.kind === "conflicted") return merge;
  return conflictWhole(sides, "both sides changed parts of the version");
}

function partsOf(text: string): string {
  return [...text.matchAll(PART)].map(([, part]) => part).join(".");
}
