import type { ConflictedFile } from "../../core/merge.ts";
import type { MarkerLook } from "./merge-wish.ts";

/** The text of a conflicted file with its markers as they were asked for; all other lines stay as they are. */
export function dressMarkers({ text, conflicts }: ConflictedFile, look: MarkerLook): string {
  const lines = text.match(/[^\n]*\n|[^\n]+$/g) ?? [];
  const dressed: string[] = [];
  let next = 0;
  for (const { line } of conflicts) {
    dressed.push(...lines.slice(next, line - 1));
    const end = endOf(lines, line - 1);
    dressed.push(...dressedConflict(lines.slice(line - 1, end), look));
    next = end;
  }
  return [...dressed, ...lines.slice(next)].join("");
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

function dressedConflict(lines: readonly string[], look: MarkerLook): readonly string[] {
  const size = sizeOf(lines[0]);
  const labels: Readonly<Record<string, string | undefined>> = {
    "<": look.ours,
    "|": look.base,
    ">": look.theirs,
  };
  const marker = new RegExp(`^([<|=>])\\1{${size - 1}}(?:\\s|$)`);
  const dressed: string[] = [];
  let isInBase = false;
  for (const line of lines) {
    const [, sign] = marker.exec(line) ?? [];
    if (sign !== undefined) isInBase = sign === "|";
    if (isInBase && !look.withBase) continue;
    dressed.push(
      sign === undefined ? line : markerLine(line, { sign, size, label: labels[sign] }, look),
    );
  }
  return dressed;
}

interface Marker {
  readonly sign: string;
  readonly size: number;
  readonly label: string | undefined;
}

function markerLine(line: string, { sign, size, label }: Marker, look: MarkerLook): string {
  const [ending = ""] = /\r?\n?$/.exec(line) ?? [];
  const own = line.slice(size, line.length - ending.length);
  return (
    sign.repeat(Math.max(size, look.size)) + (label === undefined ? own : ` ${label}`) + ending
  );
}
