import { framed } from "../core/data-frame.ts";
import type { Conflict, ConflictedFile, Intent } from "../core/merge.ts";
import type { Redact } from "../core/redact.ts";
import { render } from "../core/render.ts";
import { linesOf, type placesOf } from "./place-resolutions.ts";

/** The prompts of a model that settles conflicts, by name. Whoever wires Nexus reads them. */
export type MergePrompts = Readonly<Record<"merge" | "merge-brief" | "merge-correction", string>>;

/** What both sides wanted. */
export interface Intents {
  readonly ours: Intent;
  readonly theirs: Intent;
}

/** One file as it is shown to a model. */
interface Shown {
  readonly path: string;
  readonly file: ConflictedFile;
  readonly places: NonNullable<ReturnType<typeof placesOf>>;
  /** The indexes of the conflicts that are asked for. */
  readonly asked: readonly number[];
  readonly intents: Intents;
  readonly redact: Redact;
}

const LIMITS = { intent: 4_000, messages: 20, near: 4_000, nearLines: 25, side: 24_000 };

/** The longest side of a conflict that is shown whole. */
export const LONGEST_SIDE = LIMITS.side;

/** All that a model is told of the conflicts of one file; the number of a conflict is its index and one. */
export function conflictBrief(template: string, shown: Shown): string {
  return render(template, {
    path: framed("path", shown.path, 1_000),
    ours: intentText("ours", shown.intents.ours, shown.redact),
    theirs: intentText("theirs", shown.intents.theirs, shown.redact),
    conflicts: shown.asked.map((index) => conflictText(shown, index)).join("\n\n"),
  });
}

function intentText(side: string, { title, messages }: Intent, redact: Redact): string {
  const told = [title, ...messages.slice(0, LIMITS.messages)].join("\n\n");
  return framed(`what ${side} is for`, redact(told), LIMITS.intent);
}

function conflictText({ file, places, redact }: Shown, index: number): string {
  const conflict = file.conflicts[index];
  const place = places[index];
  if (!conflict || !place) return "";
  const lines = linesOf(file.text);
  const from = Math.max(place.from - LIMITS.nearLines, places[index - 1]?.to ?? 0);
  const to = Math.min(place.to + LIMITS.nearLines, places[index + 1]?.from ?? lines.length);
  const near = (what: string, code: readonly string[]) =>
    framed(`the lines ${what} conflict ${index + 1}`, redact(code.join("")), LIMITS.near);
  return [
    `## Conflict ${index + 1}`,
    near("above", lines.slice(from, place.from)),
    ...sidesText(conflict, index + 1),
    near("below", lines.slice(place.to, to)),
  ].join("\n\n");
}

function sidesText({ base, ours, theirs }: Conflict, number: number): readonly string[] {
  const side = (name: string, text: string) =>
    framed(`conflict ${number}, ${name}`, text.replace(/\r?\n$/, ""), LIMITS.side);
  return [side("base", base), side("ours", ours), side("theirs", theirs)];
}
