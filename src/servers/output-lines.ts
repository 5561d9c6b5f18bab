import type { Readable } from "node:stream";

/** A line longer than this is cut, so a child that never ends its line cannot fill our memory. */
const LONGEST_LINE = 16_384;

/** Calls back with each line of a child's output. */
export function onLines(stream: Readable, handle: (line: string) => void): void {
  let rest = "";
  stream.setEncoding("utf8");
  stream.on("data", (chunk: string) => {
    const lines = `${rest}${chunk}`.split("\n");
    rest = (lines.pop() ?? "").slice(0, LONGEST_LINE);
    for (const line of lines) if (line !== "") handle(line.slice(0, LONGEST_LINE));
  });
  stream.on("end", () => {
    if (rest !== "") handle(rest);
  });
  // A broken pipe ends the output; the exit is told elsewhere.
  stream.on("error", () => undefined);
}
