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

it("keeps head and tail of many lines", () => {
  const output = captureOutput(16);

  for (let line = 100; line < 1000; line++) output.take(Buffer.from(`${line}\n`));

  expect(output.finish()).toEqual({
    text: "100\n101\n\n… 3584 bytes left out …\n998\n999\n",
    truncated: true,
  });
});

it("cuts between characters", () => {
  const output = captureOutput(10);

  output.take(Buffer.from("ääää日日日日"));

  expect(output.finish().text).toBe("ää\n… 13 bytes left out …\n日");
});

it("puts characters together that arrive in parts", () => {
  const heard: string[] = [];
  const output = captureOutput(100, (text) => heard.push(text));
  const bytes = Buffer.from("ä\u001b[31m日\u001b[0m\nrest");

  for (const byte of bytes) output.take(Buffer.of(byte));

  expect(output.finish().text).toBe("ä日\nrest");
  expect(heard).toEqual(["ä日\n", "rest"]);
});

it("keeps apart the halves of characters and escapes of two streams", () => {
  const output = captureOutput(100);
  const [out, error] = [Buffer.from("日\u001b[31m\n"), Buffer.from("ä\u001b]0;title\u0007\n")];

  for (let at = 0; at < error.length; at++) {
    output.take(out.subarray(at, at + 1));
    output.take(error.subarray(at, at + 1), true);
  }

  expect(output.finish().text).toBe("ä日\n\n");
});

it("keeps both streams in order of arrival", () => {
  const output = captureOutput(100);

  output.take(Buffer.from("asks… "));
  output.take(Buffer.from("complains\n"), true);
  output.take(Buffer.from("goes on\n"));

  expect(output.finish().text).toBe("asks… complains\ngoes on\n");
});

it("tells a listener everything, also what is not kept", () => {
  const heard: string[] = [];
  const output = captureOutput(10, (text) => heard.push(text));

  for (let i = 0; i < 100; i++) output.take(Buffer.from("abc\n"));
  output.finish();

  expect(heard.join("")).toBe("abc\n".repeat(100));
});

it("keeps memory flat over one endless line", () => {
  const output = captureOutput(1_000);
  const chunk = Buffer.alloc(1_000_000, "x");
  const before = process.memoryUsage.rss();

  for (let i = 0; i < 500; i++) output.take(chunk);

  const { text, truncated } = output.finish();
  expect(truncated).toBe(true);
  expect(text).toBe(`${"x".repeat(500)}\n… 499999000 bytes left out …\n${"x".repeat(500)}`);
  expect(process.memoryUsage.rss() - before).toBeLessThan(300_000_000);
});

function memoryLog() {
  const written: string[] = [];
  const reference = { digest: "0".repeat(64), bytes: 1, truncated: false };
  return {
    written,
    reference,
    open: () => ({
      write: (text: string) => void written.push(text),
      finish: async () => reference,
    }),
  };
}

it("opens no log while everything is kept", async () => {
  const log = memoryLog();
  const output = captureOutput(8, undefined, log.open);

  output.take(Buffer.from("abcd\nfgh"));
  output.finish();

  expect(await output.log()).toBeUndefined();
  expect(log.written).toEqual([]);
});

it("writes all of it, cleaned, to a log as soon as more comes than is kept", async () => {
  const log = memoryLog();
  const output = captureOutput(8, undefined, log.open);

  for (const part of ["abcd\n", "\u001b[1mfg", "\u001b[0mhi\n", "jkl\n"]) {
    output.take(Buffer.from(part));
  }
  output.finish();

  expect(await output.log()).toEqual(log.reference);
  expect(log.written.join("")).toBe("abcd\nfghi\njkl\n");
});
