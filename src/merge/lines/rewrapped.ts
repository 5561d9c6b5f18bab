import { splitLines } from "../text/split-lines.ts";
import type { HunkStage, Settled } from "./stage.ts";

/** Where white space at the start of a line is text, or no block of code. */
const OTHERWISE = new Set(["markdown", "html", "yaml"]);

/** A string that may go on in the next line: there, white space at the start of a line is its text. */
const LONG_STRING = /`|"""|'''/;

function isBlank(line: string): boolean {
  return line.trim() === "";
}

function indented(line: string, by: string): string {
  return isBlank(line) ? line : by + line;
}

/** By how much the first line with text stands deeper; undefined where it does not. */
function deeper(line: string, before: string): string | undefined {
  const at = line.length - before.length;
  const by = line.slice(0, at);
  return at > 0 && by.trim() === "" && line.endsWith(before) ? by : undefined;
}

interface Wrapping {
  readonly before: readonly string[];
  readonly by: string;
  readonly after: readonly string[];
}

/** How one side put something around all lines of the base and moved them in, and did nothing else to them. */
function wrappingOf(base: readonly string[], side: readonly string[]): Wrapping | undefined {
  const found: Wrapping[] = [];
  for (let at = 0; at + base.length <= side.length; at += 1) {
    const by = deeper(side[at] ?? "", base[0] ?? "");
    if (by === undefined) continue;
    if (!base.every((line, index) => indented(line, by) === side[at + index])) continue;
    found.push({ before: side.slice(0, at), by, after: side.slice(at + base.length) });
  }
  const [only, ...more] = found;
  if (!only || more.length > 0) return undefined;
  return only.before.some((line) => !isBlank(line)) ? only : undefined;
}

/** How many lines stand alike at the start of both. */
function alike(left: readonly string[], right: readonly string[]): number {
  const end = left.findIndex((line, at) => line !== right[at]);
  return end < 0 ? left.length : end;
}

/** A side that wrote something before the first or after the last line may have meant the place around it. */
function staysInside(base: readonly string[], side: readonly string[]): boolean {
  const [first, last] = [base[0] ?? "", base.at(-1) ?? ""];
  if (base.length === side.length) return true;
  const reversed = [base.toReversed(), side.toReversed()] as const;
  return alike(base, side) > 0 && alike(...reversed) > 0 && !isBlank(first) && !isBlank(last);
}

/** No line of the side stands less deep than the lines that were moved in. */
function isDeepEnough(base: readonly string[], side: readonly string[]): boolean {
  const margin = /^\s*/.exec(base[0] ?? "")?.[0] ?? "";
  return side.every((line) => isBlank(line) || line.startsWith(margin));
}

function carried(base: readonly string[], wrapper: string, editor: string): Settled | undefined {
  const edited = splitLines(editor);
  const wrapping = wrappingOf(base, splitLines(wrapper));
  if (!wrapping || !staysInside(base, edited) || !isDeepEnough(base, edited)) return undefined;
  const { before, by, after } = wrapping;
  return {
    text: [...before, ...edited.map((line) => indented(line, by)), ...after].join(""),
    why: "one side put a block around the lines that the other edited",
  };
}

/** One side put a block around all lines and moved them in: the other side's edit goes with them. */
export const rewrapped: HunkStage = ({ base, ours, theirs }, { language }) => {
  if (language === undefined || OTHERWISE.has(language)) return undefined;
  if (base === "" || ours === "" || theirs === "") return undefined;
  if ([base, ours, theirs].some((text) => LONG_STRING.test(text))) return undefined;
  const lines = splitLines(base);
  return carried(lines, ours, theirs) ?? carried(lines, theirs, ours);
};
