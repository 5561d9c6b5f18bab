import { expect, it } from "vitest";
import { createFrameReader } from "../../../sandbox/command/frames.ts";

function frame(stream: number, text: string): Buffer {
  const header = Buffer.alloc(8);
  header[0] = stream;
  header.writeUInt32BE(Buffer.byteLength(text), 4);
  return Buffer.concat([header, Buffer.from(text)]);
}

it.each([1, 3, 7, 8, 9, 1000])("reads frames that arrive in pieces of %i bytes", (size) => {
  const data = Buffer.concat([frame(1, "out"), frame(2, ""), frame(2, "error"), frame(1, "end")]);
  const heard = { out: "", error: "" };
  const read = createFrameReader((chunk, stderr) => {
    heard[stderr ? "error" : "out"] += chunk.toString();
  });

  for (let at = 0; at < data.length; at += size) read(data.subarray(at, at + size));

  expect(heard).toEqual({ out: "outend", error: "error" });
});
