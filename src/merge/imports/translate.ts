import type { Entry } from "./entries.ts";
import type { Import } from "./import.ts";
import type { Translation } from "./import-language.ts";
import { type MergedImport, unchangedImport } from "./merge-import.ts";

/** The one kind of all that stand on a side; undefined where they are of two. */
function kindOn(side: "base" | "ours" | "theirs", entries: readonly Entry[], how: Translation) {
  const kinds = new Set(
    entries.flatMap((entry) => (entry[side] ? how.kindOf(entry[side].text) : [])),
  );
  const [only] = kinds;
  return kinds.size === 1 ? only : undefined;
}

/**
 * What the other side added, in the kind of module that one side went over to: as that side itself rewrote a statement
 * of the same shape. `same` where no side went over; undefined where a statement cannot be written so.
 */
export function translation(
  entries: readonly Entry[],
  how: Translation | undefined,
): ((one: Import) => MergedImport | undefined) | "same" {
  if (!how) return "same";
  const [was, our, their] = (["base", "ours", "theirs"] as const).map((side) =>
    kindOn(side, entries, how),
  );
  if (!was || !our || !their || our === their) return "same";
  const side = our === was ? "theirs" : "ours";
  const rewritten = new Set(
    entries.flatMap((entry) => {
      const after = entry[side];
      const shape = entry.base && how.shapeOf(entry.base);
      return shape !== undefined && after && isRewritten(entry.base, after, how) ? shape : [];
    }),
  );
  const kind = side === "ours" ? our : their;
  return (one) => {
    if (how.kindOf(one.text) === kind) return unchangedImport(one);
    const shape = how.shapeOf(one);
    if (shape === undefined || !rewritten.has(shape)) return undefined;
    return { ...unchangedImport(one), text: how.write(one) };
  };
}

/** True where the side wrote the statement as it would be translated, but for where it comes from. */
function isRewritten(base: Import | undefined, after: Import, how: Translation): boolean {
  if (!base) return false;
  const form = (text: string) =>
    text
      .replace(/(["'`]).*\1/, "")
      .replace(/[\s;]+/g, "")
      .replace(/\{.*\}/s, "{}");
  return form(how.write(base)) === form(after.text);
}
