import type { LeftConflict } from "../core/left-conflict.ts";
import type { Conflict } from "../core/merge.ts";
import type { HelpedFile } from "../merge/settle-with-help.ts";
import type { ConflictedTree } from "../merge/trees/tree-result.ts";

interface Facts {
  readonly merge: Pick<ConflictedTree, "files" | "unsettled">;
  readonly helped: readonly HelpedFile[];
  /** What the commits on both sides say of themselves. */
  readonly titles: { readonly ours: readonly string[]; readonly theirs: readonly string[] };
}

const PLACES = 10;
const SIDE = 1_500;
const NO_REASON = "no rule says how the sides go together";

/** What a person is told of one file that is left to them. */
export function leftConflict(path: string, { merge, helped, titles }: Facts): LeftConflict {
  const unsettled = merge.unsettled.find(({ sides }) => sides.path === path);
  const conflicts = unsettled?.merge.conflicts ?? [];
  const report = merge.files.find((file) => file.path === path);
  const why = conflicts[0]?.why ?? report?.hunks.at(-1)?.why ?? NO_REASON;
  const refused = helped.find((file) => file.path === path)?.refused ?? [];
  return {
    path,
    why,
    ...(conflicts.length > 0 && placesOf(conflicts)),
    ours: titles.ours.map(subject),
    theirs: titles.theirs.map(subject),
    proposals: refused.map((proposal) => ({ ...proposal })),
  };
}

function placesOf(conflicts: readonly Conflict[]): Pick<LeftConflict, "places" | "morePlaces"> {
  const places = conflicts.slice(0, PLACES).map(({ line, base, ours, theirs }) => ({
    line,
    // Not `base`: fields of that name hold commits, which nobody looks through for secrets.
    before: cut(base),
    ours: cut(ours),
    theirs: cut(theirs),
  }));
  const more = conflicts.length - places.length;
  return { places, ...(more > 0 && { morePlaces: more }) };
}

function cut(text: string): string {
  return text.length > SIDE ? `${text.slice(0, SIDE).toWellFormed()}…` : text;
}

function subject(message: string): string {
  return message.split("\n", 1)[0] ?? "";
}
