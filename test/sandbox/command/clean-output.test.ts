import { expect, it } from "vitest";
import { captureOutput } from "../../../sandbox/command/captured-output.ts";
import { cleanOutput } from "../../../sandbox/command/clean-output.ts";

const TABLE = [
  ["colours", "\u001b[1;31mred\u001b[0m", "red"],
  ["cursor movement", "a\u001b[2K\u001b[1Ab", "ab"],
  ["links", "\u001b]8;;http://evil.example\u0007text\u001b]8;;\u0007", "text"],
  ["the clipboard", "a\u001b]52;c;cm0gLXJm\u0007b", "ab"],
  ["a window title", "a\u001b]0;title\u001b\\b", "ab"],
  ["a device control string with its payload", "a\u001bPpayload\u001b\\b", "ab"],
  ["an application command", "a\u001b_payload\u001b\\b", "ab"],
  ["an eight-bit device control string", "a\u0090payload\u009cb", "ab"],
  ["an escape that never ends", "a\u001bPpayload", "apayload"],
  ["backspaces", "abc\b\b\bxyz", "abcxyz"],
  ["NUL, bell and other control characters", "a\u0000\u0007\u000b\u000c\u007f\u0085b", "ab"],
  ["characters that turn the direction of reading", "a\u202eb\u2066c\u200fd", "abcd"],
  ["a line rewritten in place", "10%\r50%\r100%\ndone\n", "100%\ndone\n"],
  ["a rewritten line that was left empty", "10%\r100%\r\n", "100%\n"],
  ["many returns before the end of a line", "a\r\r\r\nb", "a\nb"],
  ["a link with its address, kept open by eight-bit marks", "\u009d8;;http://x\u009ctext", "text"],
  ["an eight-bit control sequence", "a\u009b31mb", "ab"],
  ["a picture of several lines", "a\u001bPq#0;2\n#1\n\u001b\\b", "ab"],
  ["a title that never ends, at the end of its line", "a\u001b]0;tit\nle\u0007", "a0;tit\nle"],
  ["a choice of characters", "a\u001b(Bb", "ab"],
  ["a reset of the terminal", "a\u001bcb", "ab"],
  ["an escape within an escape", "a\u001b]0;x\u001b[31mb", "a0;xb"],
  ["a control sequence that is broken off", "a\u001b[31\u65e5b", "a\u65e5b"],
  ["a string end without a string", "a\u001b\\b\u009cc", "abc"],
] as const;

it.each(TABLE)("removes %s", (_what, raw, clean) => {
  expect(cleanOutput(raw)).toBe(clean);
});

it.each(TABLE)("removes %s, wherever it is cut", (_what, raw, clean) => {
  const bytes = Buffer.from(raw);

  for (let at = 0; at <= bytes.length; at++) {
    const output = captureOutput(1_000);
    output.take(bytes.subarray(0, at));
    output.take(bytes.subarray(at));
    expect(output.finish().text).toBe(clean);
  }
});

it("shows what an opening would swallow when that is too much for one", () => {
  const hidden = "x".repeat(70_000);

  expect(cleanOutput(`\u001bP${hidden}\u001b\\`)).toBe(hidden);
});

it("keeps text of any language, tabs and newlines", () => {
  expect(cleanOutput("häß\t日本\u{1f600}\r\n\n✓\n")).toBe("häß\t日本\u{1f600}\n\n✓\n");
});

it.each([
  "\u001bP",
  "\u001b]8;;",
  "\u0090",
  "\u001b[1;",
  "\u009b;1",
  "\u001b[#;?",
  "a\r",
  "\u001b",
])("takes a flood of %j in its stride", (piece) => {
  const started = performance.now();

  cleanOutput(piece.repeat(100_000));

  expect(performance.now() - started).toBeLessThan(1_000);
});
