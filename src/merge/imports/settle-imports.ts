import type { Sides } from "../../core/merge.ts";
import type { Syntax } from "../../core/syntax.ts";
import type { ImportLanguage } from "./import-language.ts";
import { importsOf } from "./import-languages.ts";
import { runsOf } from "./imports-in.ts";
import { mergeRun } from "./merge-run.ts";
import type { Run } from "./read-runs.ts";

/** The sides with their imports merged, the same on all of them, so that what is left is the rest of the file. */
export interface SettledImports {
  readonly sides: Sides;
  /** The first of the merged runs as it stands in the texts. */
  readonly first: string;
  /** True where statements were written anew for another kind of module. */
  readonly isTranslated: boolean;
}

/**
 * Merges what the sides import as sets of names: order and layout mean nothing, every name does. Undefined where
 * there is nothing that both sides changed, or where it cannot be proven.
 */
export function settleImports(sides: Sides, syntax: Syntax): SettledImports | undefined {
  const language = importsOf(syntax.languageOf(sides.path));
  if (!language) return undefined;
  const texts = [sides.base, sides.ours, sides.theirs] as const;
  const [base, ours, theirs] = texts.map((text) =>
    runsOf(text, { path: sides.path, syntax, language }),
  );
  if (!base || ours?.length !== base.length || theirs?.length !== base.length) return undefined;
  const merged = base.map((run, at) =>
    mergeOne({ base: run, ours: ours[at], theirs: theirs[at] }, texts, language),
  );
  const [first] = merged.flatMap((one) => one?.text ?? []);
  if (first === undefined) return undefined;
  const newTexts = merged.map((one) => one?.text);
  const settled = {
    path: sides.path,
    base: replaced(sides.base, base, newTexts),
    ours: replaced(sides.ours, ours, newTexts),
    theirs: replaced(sides.theirs, theirs, newTexts),
  };
  return { sides: settled, first, isTranslated: merged.some((one) => one?.isTranslated) };
}

function mergeOne(
  runs: { readonly base: Run; readonly ours: Run | undefined; readonly theirs: Run | undefined },
  [baseText, ourText, theirText]: readonly [string, string, string],
  language: ImportLanguage,
): ReturnType<typeof mergeRun> {
  const { base, ours, theirs } = runs;
  if (!ours || !theirs) return undefined;
  const stands = (text: string, run: Run) => text.slice(run.start, run.end);
  const was = stands(baseText, base);
  const [our, their] = [stands(ourText, ours), stands(theirText, theirs)];
  if (our === was || their === was || our === their) return undefined;
  const longest = Math.max(
    ...[was, our, their].flatMap((text) => text.split("\n").map(({ length }) => length)),
  );
  const { list: style, translation } = language;
  const writing = { style, translation, width: Math.max(longest, style.width) };
  return mergeRun({ base: base.imports, ours: ours.imports, theirs: theirs.imports }, writing);
}

function replaced(
  text: string,
  runs: readonly Run[],
  merged: readonly (string | undefined)[],
): string {
  let out = "";
  let from = 0;
  for (const [at, run] of runs.entries()) {
    out += text.slice(from, run.start) + (merged[at] ?? text.slice(run.start, run.end));
    from = run.end;
  }
  return out + text.slice(from);
}
