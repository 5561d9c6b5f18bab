import type { Conflict, Sides } from "../core/merge.ts";
import type { Redact } from "../core/redact.ts";
import { visible } from "../core/untrusted.ts";

const MARKER = /^(?:<{7,}|={7,}|>{7,}|\|{7,})(?:[ \r].*)?$/gm;
const WORD = /[\p{L}\p{N}_$]+/gu;
/** What a resolution may have beside all that the three versions of the place have. */
const ROOM = 200;
const NAMED = 5;

/** Why a conflict must be settled by people and not be shown to a model; undefined where it may be. */
export function unfitForModel(conflict: Conflict, redact: Redact): string | undefined {
  const sides = [conflict.base, conflict.ours, conflict.theirs];
  if (sides.some((side) => redact(side) !== side)) {
    return "It holds what looks like a secret, so it was not shown to a model.";
  }
  // What cannot be shown as it is would come back changed.
  if (
    sides.some((side) => visible(side) !== withPlainEnds(side) || /<\s*\/?\s*data\b/i.test(side))
  ) {
    return "It holds characters that cannot be shown to a model as they are.";
  }
  return undefined;
}

/** What is wrong with a text in the place of a conflict, in words for the model; undefined where nothing is. */
export function problemOfResolution(
  text: string,
  { conflict, sides, redact }: { conflict: Conflict; sides: Sides; redact: Redact },
): string | undefined {
  const { base, ours, theirs } = conflict;
  if (text.length > base.length + ours.length + theirs.length + ROOM) {
    return "is longer than all three versions of the place together.";
  }
  const lines = new Set(`${ours}\n${theirs}`.split(/\r?\n/));
  if ([...text.matchAll(MARKER)].some(([line]) => !lines.has(line.trimEnd()))) {
    return "holds conflict markers.";
  }
  if (visible(text) !== withPlainEnds(text)) return "holds characters that people cannot see.";
  if (redact(text) !== text || addsMark(text, conflict)) return "holds a secret.";
  const unknown = unknownWords(text, sides);
  if (unknown.length === 0) return undefined;
  return `uses what neither side has: ${unknown.slice(0, NAMED).join(", ")}.`;
}

/** A model that could bring in words of its own could be talked into anything. */
function unknownWords(text: string, { ours, theirs }: Sides): readonly string[] {
  const known = new Set([...wordsOf(ours), ...wordsOf(theirs)]);
  return [...new Set(wordsOf(text))].filter((word) => !known.has(word));
}

function wordsOf(text: string): readonly string[] {
  return text.match(WORD) ?? [];
}

/** The mark of a redactor is nothing that may become code. */
function addsMark(text: string, { ours, theirs }: Conflict): boolean {
  return text.includes("[secret]") && !`${ours}${theirs}`.includes("[secret]");
}

function withPlainEnds(text: string): string {
  return text.replaceAll("\r\n", "\n");
}
