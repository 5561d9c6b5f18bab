import { closedAt } from "./extents.ts";

/** A block, or a bracket, that an offset stands in. */
export interface Frame {
  /** What stands before it: `if (x)`, `try`, `const f = () =>`, `expect`. */
  readonly head: string;
  readonly start: number;
  readonly isBlock: boolean;
  /** Where it ends; looked for only when asked. */
  readonly end: () => number;
}

/** A stretch of a text, and how its blocks are written. */
export interface Stretch {
  readonly code: string;
  readonly from: number;
  readonly to: number;
  readonly byIndentation: boolean;
}

/** Enough for any test; a file may be long. */
const FAR = 20_000;
const LONGEST_HEAD = 400;
const DEEPEST = 50;

/** What an offset stands in, outermost first. */
export function framesAt(stretch: Stretch, at: number): readonly Frame[] {
  return stretch.byIndentation ? byIndentation(stretch, at) : byBrackets(stretch, at);
}

function byBrackets({ code, from }: Stretch, at: number): readonly Frame[] {
  const begin = Math.max(from, at - FAR);
  const open: number[] = [];
  for (let here = begin; here < at; here += 1) {
    if ("([{".includes(code.charAt(here))) open.push(here);
    else if (")]}".includes(code.charAt(here))) open.pop();
  }
  return open.slice(-DEEPEST).map((start) => ({
    head: headBefore(code, begin, start),
    start,
    isBlock: code.charAt(start) === "{",
    end: () => start + closedAt(code.slice(start, start + FAR), 0),
  }));
}

/** Back to where the statement begins. */
function headBefore(code: string, from: number, open: number): string {
  const before = code.slice(Math.max(from, open - LONGEST_HEAD), open);
  return before.slice(before.search(/[^;{}]*$/)).trim();
}

function byIndentation({ code, from, to }: Stretch, at: number): readonly Frame[] {
  const frames: Frame[] = [];
  let inner = indentAt(code, at);
  let end = code.lastIndexOf("\n", at - 1);
  while (end > from) {
    const start = code.lastIndexOf("\n", end - 1) + 1;
    const line = code.slice(start, end);
    const indent = line.length - line.trimStart().length;
    if (line.trim() !== "" && indent < inner) {
      inner = indent;
      const below = end;
      frames.unshift({
        head: line.trim(),
        start,
        isBlock: true,
        end: () => untilIndent(code, below, { indent, to }),
      });
    }
    end = start - 1;
  }
  return frames;
}

/** How far the line of an offset is indented. */
function indentAt(code: string, at: number): number {
  const line = code.slice(code.lastIndexOf("\n", at - 1) + 1);
  return line.length - line.trimStart().length;
}

function untilIndent(
  code: string,
  from: number,
  { indent, to }: { readonly indent: number; readonly to: number },
): number {
  let end = from;
  while (end < to) {
    const next = code.indexOf("\n", end + 1);
    const line = code.slice(end + 1, next < 0 ? to : next);
    if (line.trim() !== "" && line.length - line.trimStart().length <= indent) break;
    end = next < 0 ? to : next;
  }
  return end;
}
