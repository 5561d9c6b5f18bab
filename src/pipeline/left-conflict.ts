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

const EXCERPT = 4_000;
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
    ...(conflicts.length > 0 && { excerpt: excerptOf(conflicts) }),
    ours: titles.ours.map(subject),
    theirs: titles.theirs.map(subject),
    proposals: refused.map((proposal) => ({ ...proposal })),
  };
}

function excerptOf(conflicts: readonly Conflict[]): string {
  const places = conflicts.map(({ line, base, ours, theirs }) =>
    [
      `<<<<<<< this pull request (line ${line})`,
      ...sideOf(ours),
      "||||||| before both",
      ...sideOf(base),
      "=======",
      ...sideOf(theirs),
      ">>>>>>> its base",
    ].join("\n"),
  );
  return places.join("\n\n").slice(0, EXCERPT);
}

function sideOf(text: string): readonly string[] {
  const whole = text.replace(/\r?\n$/, "");
  if (whole === "") return [];
  return [whole.length > SIDE ? `${whole.slice(0, SIDE)}…` : whole];
}

function subject(message: string): string {
  return message.split("\n", 1)[0] ?? "";
}
