import type { Conflict } from "../core/merge.ts";
import type { Redact } from "../core/redact.ts";
import type { ResolutionMemory } from "../core/resolution-memory.ts";

/** What settled one conflict, to be kept once a run of the checks on it was green. */
export interface Resolution {
  readonly key: string;
  /** With plain line ends. */
  readonly text: string;
}

const LONGEST = 16_000;
/** Only a bracket or a blank line is in conflict in many places, each time for another reason. */
const FEWEST_LETTERS = 8;

/**
 * The name of a conflict: the same for the same three texts, whichever side is ours, and whatever their line ends
 * and blanks at ends of lines are. SHA-256 in hex.
 */
export async function conflictKey({ base, ours, theirs }: Conflict): Promise<string> {
  const sides = [plain(ours), plain(theirs)].toSorted();
  const text = JSON.stringify([plain(base), ...sides]);
  const digest = await crypto.subtle.digest("SHA-256", new TextEncoder().encode(text));
  return Array.from(new Uint8Array(digest), (byte) => byte.toString(16).padStart(2, "0")).join("");
}

/** The remembered text of each conflict that has one, by its index. Each is a proposal: nothing proves it here. */
export async function recalled(
  conflicts: readonly Conflict[],
  memory: ResolutionMemory,
): Promise<ReadonlyMap<number, string>> {
  const known = new Map<number, string>();
  for (const [index, conflict] of conflicts.entries()) {
    if (!tellsEnough(conflict)) continue;
    const text = await memory.find(await conflictKey(conflict));
    if (text !== undefined) known.set(index, text);
  }
  return known;
}

/** What is worth keeping of a settled conflict; undefined for what is too short, too long, or secret. */
export async function resolutionOf(
  conflict: Conflict,
  text: string,
  redact: Redact,
): Promise<Resolution | undefined> {
  const texts = [conflict.base, conflict.ours, conflict.theirs, text];
  if (!tellsEnough(conflict) || texts.some((one) => redact(one) !== one)) return undefined;
  if (text.length > LONGEST) return undefined;
  return { key: await conflictKey(conflict), text: text.replaceAll("\r\n", "\n") };
}

function tellsEnough({ base, ours, theirs }: Conflict): boolean {
  const letters = `${base}${ours}${theirs}`.match(/[\p{L}\p{N}]/gu) ?? [];
  return letters.length >= FEWEST_LETTERS;
}

function plain(text: string): string {
  return text.replaceAll(/[ \t\r]+$/gm, "");
}
