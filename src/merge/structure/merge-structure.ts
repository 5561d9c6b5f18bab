import type { FileMerge, HunkReport, Sides } from "../../core/merge.ts";
import type { Syntax } from "../../core/syntax.ts";
import { markerSizeFor } from "../text/markers.ts";
import type { Hunk, mergeLines } from "../text/merge-lines.ts";
import { mergeInside } from "./merge-member.ts";
import { partsOf } from "./parts-of.ts";
import { hasNameTrouble, partLike } from "./prove-names.ts";
import { render } from "./render.ts";

interface Place {
  readonly path: string;
  readonly language: string | undefined;
}

/** What the merge of structure needs besides the texts. */
export interface StructureTools {
  readonly syntax: Syntax;
  readonly settleHunk: (
    hunk: Hunk,
    at: Place,
  ) => { readonly text: string; readonly why: string } | undefined;
  readonly mergeLines: typeof mergeLines;
}

/** Says at least one thing about a file that came out clean without a hunk worth telling. */
function told(hunks: readonly HunkReport[]): readonly HunkReport[] {
  if (hunks.length > 0) return hunks;
  const why = "the sides changed different members";
  return [{ stage: "structure", line: 1, why, confidence: "proven" }];
}

/**
 * Merges a file by its syntax: members are matched by name and merged one by one; formatting and comments of both
 * sides stay. Undefined where its language is not known, where a side does not parse, where its structure says
 * nothing, or where the clean result would not parse or its names would not fit.
 */
export function mergeStructure(sides: Sides, at: StructureTools): FileMerge | undefined {
  const parts = partsOf(sides, at.syntax);
  if (!parts) return undefined;
  const place = { path: sides.path, language: at.syntax.languageOf(sides.path) };
  const work = {
    settle: (hunk: Hunk) => at.settleHunk(hunk, place),
    mergeLines: at.mergeLines,
  };
  const pieces = mergeInside(work, parts);
  if (!pieces) return undefined;
  const result = render(pieces, markerSizeFor([sides.base, sides.ours, sides.theirs]));
  if (result.kind === "conflicted") return result;
  const tree = at.syntax.parse(sides.path, result.text);
  if (tree?.hasErrors !== false) return undefined;
  if (hasNameTrouble(parts, partLike(parts.ours, result.text, tree.root))) return undefined;
  return { ...result, hunks: told(result.hunks) };
}
