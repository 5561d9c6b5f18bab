import { PassThrough } from "node:stream";
import type { InspectWish, Screen } from "../../../sandbox/inspect/inspect.ts";

/** A screen that remembers. */
export function recordingScreen(isTerminal = false) {
  const shown = { out: "", err: "" };
  const screen: Screen = {
    terminal: { input: new PassThrough(), output: new PassThrough(), kind: "dumb" },
    isTerminal,
    out(text) {
      shown.out += Buffer.from(text).toString();
    },
    err(text) {
      shown.err += text;
    },
  };
  return { screen, shown };
}

/** What somebody asks of a task. */
export function wishFor(
  taskId: string,
  show: InspectWish["show"],
  more: Partial<InspectWish> = {},
): InspectWish {
  return { show, taskId, path: "", command: [], ...more };
}
