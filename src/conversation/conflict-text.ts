import type { LeftConflict } from "../core/left-conflict.ts";
import { code, fenced, inline, shortened } from "./escape.ts";
import { counted, STAGE_NAMES } from "./merge-report-text.ts";
import { sideDiff } from "./side-diff.ts";

/** Characters: a comment has room for 65,536, and other things to say. */
const ROOM = 20_000;
/** Of one file at least, while there is room. */
const SHARE = 2_000;
const TITLES = 3;
const PROPOSALS = 2;
const PROPOSAL = 1_500;

/** A part of what is told of a file, and what is missing where there is no room for it. */
interface Part {
  readonly thing: "file" | "conflict" | "proposal";
  readonly text: string;
}

/**
 * What is left to people, of bounded length: each conflict as what either side made of the lines before, what both
 * sides wanted, and what was offered and not taken. Says how much is left out.
 */
export function leftConflictsText(left: readonly LeftConflict[]): readonly string[] {
  const shown: string[] = [];
  const missing = { file: 0, conflict: 0, proposal: 0 };
  let room = ROOM;
  for (const [index, conflict] of left.entries()) {
    // A file of many conflicts must not hide the names of those behind it.
    const share = Math.min(room, Math.max(SHARE, room / (left.length - index)));
    const { texts, without } = fitting(partsOf(conflict), share);
    if (texts.length === 0) missing.file += 1;
    else {
      missing.conflict += without.conflict + (conflict.morePlaces ?? 0);
      missing.proposal += without.proposal;
    }
    shown.push(...texts);
    room -= lengthOf(texts);
  }
  return [...shown, ...missingText(missing)];
}

/** What belongs to a file is of no use without its name: without room for the first part there is none for others. */
function fitting([head, ...parts]: readonly Part[], room: number) {
  const without = { file: 0, conflict: 0, proposal: 0 };
  const texts: string[] = [];
  if (head === undefined || lengthOf([head.text]) > room) return { texts, without };
  texts.push(head.text);
  for (const { text, thing } of parts) {
    if (lengthOf([...texts, text]) <= room) texts.push(text);
    else without[thing] += 1;
  }
  return { texts, without };
}

/** With the blank line after each. */
function lengthOf(texts: readonly string[]): number {
  return texts.reduce((length, text) => length + text.length + 2, 0);
}

function partsOf(conflict: LeftConflict): readonly Part[] {
  const { path, why, ours, theirs, places = [], proposals } = conflict;
  const head = [
    `#### ${code(path, 200)}`,
    inline(why, 400),
    [`- This pull request: ${titles(ours)}`, `- Its base: ${titles(theirs)}`].join("\n"),
  ].join("\n\n");
  const offered = proposals.slice(0, PROPOSALS);
  return [
    { thing: "file", text: head },
    ...places.map((place) => ({ thing: "conflict" as const, text: placeText(place) })),
    ...offered.map((one) => ({ thing: "proposal" as const, text: proposalText(one) })),
  ];
}

function placeText({ line, before, ours, theirs }: Place): string {
  return [
    `Line ${line}. What this pull request made of it:`,
    fenced(sideDiff(before, ours), "diff"),
    "What its base made of it:",
    fenced(sideDiff(before, theirs), "diff"),
  ].join("\n\n");
}
type Place = NonNullable<LeftConflict["places"]>[number];

function proposalText({ stage, why, text }: LeftConflict["proposals"][number]): string {
  const told = `Offered by ${STAGE_NAMES[stage]}, and not taken: ${inline(why, 400)}`;
  return text === undefined ? told : `${told}\n\n${fenced(shortened(text, PROPOSAL))}`;
}

function titles(subjects: readonly string[]): string {
  const shown = subjects.slice(0, TITLES).map((subject) => inline(subject, 120));
  return shown.join("; ") || "no commit that names itself";
}

function missingText(missing: Readonly<Record<Part["thing"], number>>): readonly string[] {
  const things = (["file", "conflict", "proposal"] as const)
    .filter((thing) => missing[thing] > 0)
    .map((thing) => counted(missing[thing], thing));
  return things.length > 0 ? [`Left out here: ${things.join(", ")}.`] : [];
}
