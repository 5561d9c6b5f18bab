import type { FileMerge, HunkReport, Sides } from "../core/merge.ts";
import type { Syntax } from "../core/syntax.ts";
import { broughtOtherwise } from "./imports/brought-otherwise.ts";
import { mixesModules } from "./imports/mixed-modules.ts";
import { type SettledImports, settleImports } from "./imports/settle-imports.ts";
import { usesOldName } from "./lines/old-names.ts";
import { hasReturningLine } from "./lines/returning.ts";
import { settleHunk } from "./lines/settle-hunk.ts";
import { ONE_THING, settleLines } from "./lines/settle-lines.ts";
import { parseOnce } from "./parse-once.ts";
import { raisedVersions } from "./rules/version/raised-versions.ts";
import { miscountedIn, strictProblemsOf, unboundIn } from "./safety/check-merged.ts";
import { mergeStructure } from "./structure/merge-structure.ts";
import { assemble, type Piece } from "./text/assemble.ts";
import { alignEndings, withEnding } from "./text/line-endings.ts";
import { countMarkerLines } from "./text/markers.ts";
import { mergeLines } from "./text/merge-lines.ts";

/**
 * Merges one file by the stages that need nothing but its texts: one side unchanged, lines, hunks, structure. What
 * no stage can prove is left with markers, and so is what the proof of the whole result speaks against.
 */
export function mergeFile(sides: Sides, syntax: Syntax): FileMerge {
  const unchanged = unchangedSide(sides);
  if (unchanged !== undefined) return { kind: "merged", text: unchanged, hunks: [] };
  const aligned = alignEndings(sides);
  if (aligned !== undefined) {
    return withEnding(mergeFile({ path: sides.path, ...aligned.sides }, syntax), aligned.ending);
  }
  const { base, ours, theirs } = sides;
  const marked = countMarkerLines(base);
  if (countMarkerLines(ours) > marked || countMarkerLines(theirs) > marked) {
    return whole(sides, "one side has conflict markers in it");
  }
  return mergeRaised({ path: sides.path, base, ours, theirs }, parseOnce(syntax));
}

/** As if both sides had raised each version to the higher of theirs, where what is left of the file merges then. */
function mergeRaised(sides: Sides, syntax: Syntax): FileMerge {
  const raised = raisedVersions(sides);
  const rest = raised && mergeTexts(raised.sides, syntax);
  if (!raised || rest?.kind !== "merged") return mergeChanged(sides, syntax);
  return { ...rest, hunks: [raised.told, ...rest.hunks] };
}

function unchangedSide({ base, ours, theirs }: Sides): string | undefined {
  if (ours === theirs || theirs === base) return ours;
  return ours === base ? theirs : undefined;
}

function mergeChanged(sides: Sides, syntax: Syntax): FileMerge {
  const byLines = mergeByLines(sides, syntax);
  // What lines can prove keeps the order and the layout that people gave it.
  if (byLines.kind === "merged" && !hasLongerLine(sides, byLines.text)) return byLines;
  const byImports = mergeImports(sides, syntax);
  if (byImports?.kind === "merged") return byImports;
  const byTexts = mergeByStructure({ sides, syntax }, byLines);
  return byImports ? smallerOf(byTexts, byImports) : byTexts;
}

/** True where a line became longer than any that a side has: names were put into a list that is full. */
function hasLongerLine({ ours, theirs }: Sides, text: string): boolean {
  const longest = (side: string) =>
    side.split("\n").reduce((most, { length }) => Math.max(most, length), 0);
  return longest(text) > Math.max(longest(ours), longest(theirs));
}

/** What is imported as sets of names, then the rest of the file. */
function mergeImports(sides: Sides, syntax: Syntax): FileMerge | undefined {
  const imports = settleImports(sides, syntax);
  if (!imports) return undefined;
  const rest = mergeTexts(imports.sides, syntax);
  if (rest.kind === "merged" && spoilsImports(sides, imports, { text: rest.text, syntax })) {
    return undefined;
  }
  return { ...rest, hunks: [toldOf(imports, rest.text), ...rest.hunks] };
}

/** What the sides themselves imported says which names the rest may use; of the rest, each word still counts. */
function spoilsImports(
  sides: Sides,
  { isTranslated }: SettledImports,
  { text, syntax }: { readonly text: string; readonly syntax: Syntax },
): boolean {
  return (
    unboundIn(text, sides, syntax) ||
    usesOldName(sides, text) ||
    broughtOtherwise(sides, text, syntax) !== undefined ||
    // Other kinds of modules are written with other words.
    (!isTranslated && miscountedIn(text, sides, syntax))
  );
}

function toldOf({ first, isTranslated }: SettledImports, text: string): HunkReport {
  const line = text.slice(0, Math.max(0, text.indexOf(first))).split("\n").length;
  const why = "both sides changed what is imported";
  return { stage: "structure", line, why, confidence: isTranslated ? "proposed" : "proven" };
}

/** By lines, else by structure. */
function mergeTexts(sides: Sides, syntax: Syntax): FileMerge {
  const unchanged = unchangedSide(sides);
  if (unchanged !== undefined) return { kind: "merged", text: unchanged, hunks: [] };
  return mergeByStructure({ sides, syntax }, mergeByLines(sides, syntax));
}

function wholeOf({ sides, syntax }: Work) {
  return { sides, parse: (text: string) => syntax.parse(sides.path, text) };
}

function mergeByLines(sides: Sides, syntax: Syntax): FileMerge {
  const work = { sides, syntax };
  const at = { path: sides.path, language: syntax.languageOf(sides.path), whole: wholeOf(work) };
  return checked(work, settleLines(sides, at));
}

/** What lines left, by structure; the lines' own answer where that is merged or leaves less. */
function mergeByStructure(work: Work, byLines: FileMerge): FileMerge {
  if (byLines.kind === "merged") return byLines;
  if (byLines.conflicts.some(({ why }) => why === ONE_THING)) return byLines;
  const whole = wholeOf(work);
  const settle: typeof settleHunk = (hunk, place) => settleHunk(hunk, { ...place, whole });
  const { sides, syntax } = work;
  const byStructure = mergeStructure(sides, { syntax, settleHunk: settle, mergeLines });
  if (byStructure === undefined) return byLines;
  if (byStructure.kind === "conflicted") return smallerOf(byLines, byStructure);
  return problemOf(work, byStructure) === undefined ? byStructure : byLines;
}

interface Work {
  readonly sides: Sides;
  readonly syntax: Syntax;
}

function checked(work: Work, pieces: readonly Piece[]): FileMerge {
  const merge = assemble(pieces);
  if (merge.kind === "conflicted") return merge;
  const problem = problemOf(work, merge);
  return problem === undefined ? merge : refused(work.sides, pieces, problem);
}

function problemOf({ sides, syntax }: Work, { text, hunks }: FileMerge): string | undefined {
  if (hunks.length > 0 && hasReturningLine(sides, text)) {
    return "a line that one side removed is used anew by the other";
  }
  const name = broughtOtherwise(sides, text, syntax);
  if (name !== undefined) return `\`${name}\` would be imported in another way than by its side`;
  if (mixesModules(sides, text, syntax)) return "one side went over to another kind of module";
  return strictProblemsOf(sides, text, syntax)[0];
}

/** What leaves less to a person; the lines where both leave the same. */
function smallerOf(byLines: FileMerge, byStructure: FileMerge): FileMerge {
  return leftBy(byStructure) < leftBy(byLines) ? byStructure : byLines;
}

function leftBy(merge: FileMerge): number {
  if (merge.kind === "merged") return 0;
  return merge.conflicts.reduce(
    (sum, { base, ours, theirs }) => sum + base.length + ours.length + theirs.length,
    0,
  );
}

/** What the stages settled is a conflict again; where they settled nothing, the whole file is. */
function refused(sides: Sides, pieces: readonly Piece[], why: string): FileMerge {
  if (!pieces.some((piece) => piece.kind === "settled")) return whole(sides, why);
  return assemble(
    pieces.map((piece) =>
      piece.kind === "settled" ? { kind: "conflict", hunk: piece.hunk, why } : piece,
    ),
  );
}

function whole({ base, ours, theirs }: Sides, why: string): FileMerge {
  return assemble([{ kind: "conflict", hunk: { base, ours, theirs }, why }]);
}
