import type { ConflictedFile } from "../../core/merge.ts";
import type { MarkerLook } from "./merge-wish.ts";

/** The text of a conflicted file with its markers as they were asked for; all other lines stay as they are. */
export function dressMarkers({ text, conflicts }: ConflictedFile, look: MarkerLook): string {
  const lines = text.match(/[^\n]*\n|[^\n]+$/g) ?? [];
  const dressed: Line[] = [];
  let next = 0;
  for (const { line } of conflicts) {
    dressed.push(...plain(lines.slice(next, line - 1)));
    const end = endOf(lines, line - 1);
    dressed.push(...dressedConflict(lines.slice(line - 1, end), look));
    next = end;
  }
  dressed.push(...plain(lines.slice(next)));
  const size = Math.max(look.size, leastSize(dressed));
  return dressed.map(({ sign, rest }) => sign.repeat(size) + rest).join("");
}

/** A line; a marker's begins with its sign as often as the whole text needs. */
interface Line {
  readonly sign: string;
  readonly rest: string;
}

function plain(lines: readonly string[]): readonly Line[] {
  return lines.map((rest) => ({ sign: "", rest }));
}

/** One more than the longest line that reads like a marker: the base's own, which is often not shown, had some. */
function leastSize(lines: readonly Line[]): number {
  const alike = lines.map(({ sign, rest }) =>
    sign === "" ? (/^(?:<{7,}|={7,}|>{7,}|\|{7,})(?=\s|$)/.exec(rest)?.[0].length ?? 0) : 0,
  );
  return alike.reduce((most, length) => Math.max(most, length + 1), 0);
}

/** The place after a conflict's last line. The merger sees to it that no line of the sides reads like a marker. */
function endOf(lines: readonly string[], start: number): number {
  const closing = new RegExp(`^>{${sizeOf(lines[start])}}(?:\\s|$)`);
  const end = lines.findIndex((line, at) => at > start && closing.test(line));
  return end === -1 ? lines.length : end + 1;
}

function sizeOf(opening: string | undefined): number {
  return /^<*/.exec(opening ?? "")?.[0].length ?? 0;
}

/** A marker's line and what stands below it. */
interface Part {
  readonly sign: string;
  readonly marker: string;
  readonly lines: readonly string[];
}

function dressedConflict(lines: readonly string[], look: MarkerLook): readonly Line[] {
  const size = sizeOf(lines[0]);
  const parts = partsOf(lines, size);
  const shared = look.style === "diff3" ? { head: [], tail: [] } : sharedBy(parts);
  const [head, tail] = [shared.head.length, shared.tail.length];
  const dressed = parts
    .filter(({ sign }) => sign !== "|" || look.style !== "merge")
    .flatMap((part) => {
      const isSide = part.sign === "<" || part.sign === "=";
      const kept = isSide ? part.lines.slice(head, part.lines.length - tail) : part.lines;
      return [markerLine(part, size, look), ...plain(kept)];
    });
  return [...plain(shared.head), ...dressed, ...plain(shared.tail)];
}

function partsOf(lines: readonly string[], size: number): readonly Part[] {
  const marker = new RegExp(`^([<|=>])\\1{${size - 1}}(?:\\s|$)`);
  const starts = lines.flatMap((line, at) => {
    const [, sign] = marker.exec(line) ?? [];
    return sign === undefined ? [] : [{ sign, marker: line, at }];
  });
  return starts.map(({ at, ...start }, index) => {
    return { ...start, lines: lines.slice(at + 1, starts[index + 1]?.at) };
  });
}

/** The first and last lines that both sides have alike, so that nobody has to compare them. */
function sharedBy(parts: readonly Part[]) {
  const [ours = [], theirs = []] = ["<", "="].map((sign) => linesBelow(parts, sign));
  const most = Math.min(ours.length, theirs.length);
  let head = 0;
  while (head < most && ours[head] === theirs[head]) head += 1;
  let tail = 0;
  while (tail < most - head && ours.at(-1 - tail) === theirs.at(-1 - tail)) tail += 1;
  // Sides that are the same are in conflict for what surrounds them.
  if (head === ours.length && head === theirs.length) return { head: [], tail: [] };
  return { head: ours.slice(0, head), tail: ours.slice(ours.length - tail) };
}

function linesBelow(parts: readonly Part[], sign: string): readonly string[] {
  return parts.find((part) => part.sign === sign)?.lines ?? [];
}

function markerLine({ sign, marker }: Part, size: number, look: MarkerLook): Line {
  const labels: Readonly<Record<string, string | undefined>> = {
    "<": look.ours,
    "|": look.base,
    ">": look.theirs,
  };
  const label = labels[sign];
  const [ending = ""] = /\r?\n?$/.exec(marker) ?? [];
  const own = marker.slice(size, marker.length - ending.length);
  const words = label === undefined ? own : ` ${label}`;
  return { sign, rest: words + ending };
}
