import type { FileMerge, Sides } from "../../core/merge.ts";
import { markedConflict, markerSizeFor } from "../text/markers.ts";
import { splitLines } from "../text/split-lines.ts";

/** One conflict over all that differs, from the first line that is not the same on all sides to the last. */
export function conflictWhole({ base, ours, theirs }: Sides, why: string): FileMerge {
  const texts = [base, ours, theirs].map(splitLines);
  const shortest = Math.min(...texts.map(({ length }) => length));
  const [first = []] = texts;
  const isShared = (at: number) => texts.every((lines) => lines.at(at) === first.at(at));
  let head = 0;
  while (head < shortest && isShared(head)) head += 1;
  let tail = 0;
  while (head + tail < shortest && isShared(-1 - tail)) tail += 1;
  const [b = "", o = "", t = ""] = texts.map((lines) =>
    lines.slice(head, lines.length - tail).join(""),
  );
  const hunk = { base: b, ours: o, theirs: t };
  const before = first.slice(0, head).join("");
  const after = first.slice(first.length - tail).join("");
  const text = before + markedConflict(hunk, markerSizeFor([base, ours, theirs])) + after;
  return { kind: "conflicted", text, hunks: [], conflicts: [{ ...hunk, line: head + 1, why }] };
}
