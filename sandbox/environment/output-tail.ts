import { cleanOutput } from "../command/clean-output.ts";

/** Keeps the end of what is written, as plain text; the rest is dropped as it comes. */
export function createOutputTail(maxBytes: number) {
  let tail = Buffer.alloc(0);
  return {
    take(this: void, chunk: Buffer): void {
      const all = Buffer.concat([tail, chunk]);
      tail = Buffer.from(all.subarray(Math.max(0, all.length - maxBytes)));
    },
    text: (): string => cleanOutput(tail.toString()),
  };
}
