import type { Sides } from "../../core/merge.ts";
import type { Syntax, SyntaxTree } from "../../core/syntax.ts";
import { lostImports } from "../lines/lost-imports.ts";
import { lostEntries, repeatedEntries, returnedEntries } from "./lost-entries.ts";
import { lostLines, returnedLines } from "./lost-lines.ts";
import { orphanedAliases, orphanedMembers } from "./orphaned-uses.ts";
import { type Outline, outlineOf } from "./outline.ts";
import { unboundNames } from "./unbound-names.ts";
import { withoutImports } from "./without-imports.ts";
import { miscountedWords } from "./word-counts.ts";

/** More would be read by nobody. */
const MAX_PROBLEMS = 20;

const MARKERS = ["<<<<<<<", "|||||||", "=======", ">>>>>>>"];

function markersIn(text: string, marker: string): number {
  return text.split(/\r\n|\r|\n/).filter((line) => line === marker || line.startsWith(`${marker} `))
    .length;
}

/** Conflict markers that no side brought along: files about merging hold some of their own. */
function markerProblems({ base, ours, theirs }: Sides, merged: string): string[] {
  return MARKERS.filter((marker) => {
    const known = Math.max(...[base, ours, theirs].map((text) => markersIn(text, marker)));
    return markersIn(merged, marker) > known;
  }).map((marker) => `there is a conflict marker \`${marker}\``);
}

interface Trees {
  readonly base: SyntaxTree | undefined;
  readonly ours: SyntaxTree | undefined;
  readonly theirs: SyntaxTree | undefined;
  readonly merged: SyntaxTree | undefined;
}

function treesOf(sides: Sides, merged: string, syntax: Syntax): Trees {
  const parse = (text: string) => syntax.parse(sides.path, text);
  return {
    base: parse(sides.base),
    ours: parse(sides.ours),
    theirs: parse(sides.theirs),
    merged: parse(merged),
  };
}

function isWhole(tree: SyntaxTree | undefined): tree is SyntaxTree {
  return tree?.hasErrors === false;
}

function parseProblems({ ours, theirs, merged }: Trees): string[] {
  if (!(isWhole(ours) && isWhole(theirs)) || isWhole(merged)) return [];
  return [`the result is no ${ours.language} any more, and both sides are`];
}

/** Undefined where a version does not parse: half a tree would declare half of what is there. */
function outlined(tree: SyntaxTree | undefined, text: string): Outline | undefined {
  return isWhole(tree) ? outlineOf(tree, text) : undefined;
}

function entryProblems(sides: Sides, result: string, trees: Trees): string[] | undefined {
  const base = outlined(trees.base, sides.base);
  const ours = outlined(trees.ours, sides.ours);
  const theirs = outlined(trees.theirs, sides.theirs);
  const merged = outlined(trees.merged, result);
  if (!(base && ours && theirs && merged)) return undefined;
  const outlines = { base, ours, theirs, merged };
  const texts = { ours: sides.ours, theirs: sides.theirs, merged: result };
  return [
    ...lostEntries(outlines),
    ...returnedEntries(outlines),
    ...repeatedEntries(outlines),
    ...orphanedMembers(outlines, texts),
    ...(trees.merged?.language === "yaml" ? orphanedAliases(texts) : []),
  ];
}

function nameProblems(sides: Sides, text: string, trees: Trees): readonly string[] {
  const { path, ours, theirs } = sides;
  if (!(isWhole(trees.ours) && isWhole(trees.theirs) && isWhole(trees.merged))) {
    return lostImports(sides, text, path).map(
      (name) => `\`${name}\` is used, and its import is gone`,
    );
  }
  const parsed = [
    { tree: trees.ours, text: ours },
    { tree: trees.theirs, text: theirs },
  ];
  return unboundNames({ tree: trees.merged, text }, parsed);
}

/** Imports have a proof of their own, and are written anew where both sides changed them. */
function wordProblems({ base, ours, theirs }: Sides, merged: string, trees: Trees): string[] {
  const texts = { base, ours, theirs, merged };
  const { base: before, ours: our, theirs: their, merged: result } = trees;
  if (!(isWhole(before) && isWhole(our) && isWhole(their) && isWhole(result))) {
    return miscountedWords(texts);
  }
  return miscountedWords({
    base: withoutImports(before, base),
    ours: withoutImports(our, ours),
    theirs: withoutImports(their, theirs),
    merged: withoutImports(result, merged),
  });
}

/**
 * What speaks against a merged text: it does not parse though both sides do, holds a conflict marker, lost what a
 * side added or both kept, has again what a side removed, has twice what each side has once, or uses a name that it
 * makes known no more. Each is one sentence; none means safe. Told by what the texts declare, and by lines where no
 * grammar reads them all.
 */
export function problemsOf(sides: Sides, merged: string, syntax: Syntax): readonly string[] {
  const trees = treesOf(sides, merged, syntax);
  return [
    ...markerProblems(sides, merged),
    ...parseProblems(trees),
    ...(entryProblems(sides, merged, trees) ?? lostLines(sides, merged)),
    ...nameProblems(sides, merged, trees),
    ...returnedLines(sides, merged),
  ].slice(0, MAX_PROBLEMS);
}

/** True where a merged text uses a name that it makes known no more, though a side did. */
export function unboundIn(merged: string, sides: Sides, syntax: Syntax): boolean {
  return nameProblems(sides, merged, treesOf(sides, merged, syntax)).length > 0;
}

/** True where a merged text does not parse, or has words but those of its imports once too often or too seldom. */
export function miscountedIn(merged: string, sides: Sides, syntax: Syntax): boolean {
  const trees = treesOf(sides, merged, syntax);
  return parseProblems(trees).length + wordProblems(sides, merged, trees).length > 0;
}

/**
 * As `problemsOf`, and each word must stand as often as both sides' edits make it: for who put edits together and wrote
 * nothing new.
 */
export function strictProblemsOf(sides: Sides, merged: string, syntax: Syntax): readonly string[] {
  const words = wordProblems(sides, merged, treesOf(sides, merged, syntax));
  return [...problemsOf(sides, merged, syntax), ...words].slice(0, MAX_PROBLEMS);
}
