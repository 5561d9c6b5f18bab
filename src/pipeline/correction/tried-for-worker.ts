import type { Correction } from "../../core/correction.ts";

const FILES = 20;
const HOW = {
  continued: "the item's own worker",
  fresh: "a worker who knew nothing of the earlier work",
  "left-out": "without the work items",
} as const;
const ENDED = {
  kept: "It is on the branch.",
  "thrown-away": "It was thrown away: no fewer checks or tests failed with it.",
  unchanged: "It changed nothing.",
  repeated: "It came to a state that was known to be red.",
  "gave-up": "It was not finished.",
} as const;

/** The tries of before, for a worker. Hostile text: it names files and titles. */
export function triedForWorker(attempts: readonly Correction[]): string {
  return attempts.map(lineOf).join("\n");
}

function lineOf({ number, kind, blamed, files, ending, redBefore, redAfter }: Correction): string {
  const items = blamed.map(({ title }) => title).join("; ");
  const changed = files
    .slice(0, FILES)
    .map(({ path, insertions = 0, deletions = 0 }) => `${path} (+${insertions} -${deletions})`);
  const after = redAfter ? ` Red after it: ${redAfter.join(", ") || "none"}.` : "";
  return [
    `Try ${number}, ${HOW[kind]}${items === "" ? "" : ` (${items})`}.`,
    `Changed: ${changed.join(", ") || "nothing"}.`,
    `Red before it: ${redBefore.join(", ")}.${after} ${ENDED[ending]}`,
  ].join(" ");
}
