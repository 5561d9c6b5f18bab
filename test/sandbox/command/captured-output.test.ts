import { expect, it } from "vitest";
import { captureOutput } from "../../../sandbox/command/captured-output.ts";

it("keeps all that fits", () => {
  const output = captureOutput(10);

  for (const part of ["abc", "def", "ghij"]) output.take(Buffer.from(part));

  expect(output.finish()).toEqual({ text: "abcdefghij", truncated: false });
});

it("keeps head and tail of what does not, and says how much is missing", () => {
  const output = captureOutput(8);

  for (const part of ["ab", "cdef", "g", "hijklmnop"]) output.take(Buffer.from(part));

  expect(output.finish()).toEqual({ text: "abcd\n… 8 bytes left out …\nmnop", truncated: true });
});

it("puts characters together that arrive in parts", () => {
  const heard: string[] = [];
  const output = captureOutput(100, (text) => heard.push(text));
  const bytes = Buffer.from("ä\u001b[31m日\u001b[0m\nrest");

  for (const byte of bytes) output.take(Buffer.of(byte));

  expect(output.finish().text).toBe("ä日\nrest");
  expect(heard).toEqual(["ä日\n", "rest"]);
});

it("tells a listener no more than is kept", () => {
  const heard: string[] = [];
  const output = captureOutput(10, (text) => heard.push(text));

  for (let i = 0; i < 100; i++) output.take(Buffer.from("abc\n"));
  output.finish();

  expect(heard.join("")).toBe("abc\nabc\nab");
});
