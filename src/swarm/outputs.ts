import { clip } from "../core/clip.ts";

/** Answers that were too long to be shown whole, for being read by range. */
export interface Outputs {
  /** Keeps a text; its number, by which it is found. */
  keep(text: string): number;
  /** The text of this number; undefined where there is none, or where newer ones took its place. */
  find(number: number): string | undefined;
}

/** Characters that are kept of one worker's outputs, the newest first. */
const MAX_KEPT = 4_000_000;
/** Room for the words after a cut. */
const WORDS = 160;

/** Outputs of one worker. */
export function createOutputs(): Outputs {
  const kept = new Map<number, string>();
  let last = 0;
  let size = 0;
  return {
    keep(text) {
      last += 1;
      kept.set(last, text);
      size += text.length;
      for (const [number, old] of kept) {
        if (size <= MAX_KEPT || number === last) break;
        kept.delete(number);
        size -= old.length;
      }
      return last;
    },
    find: (number) => kept.get(number),
  };
}

/** The text as it is, or its beginning and end with how to read the rest. */
export function shownWithin(text: string, room: number, outputs: Outputs): string {
  if (text.length <= room) return text;
  const number = outputs.keep(text);
  const lines = text.trimEnd().split("\n").length;
  const shown = clip(text, Math.max(0, room - WORDS)).trimEnd();
  return `${shown}\n[Cut. All ${lines} lines can be read by range: read {"path": "output:${number}", "from": 1}]`;
}
