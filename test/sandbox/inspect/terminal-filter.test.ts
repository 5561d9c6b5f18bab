import { describe, expect, it } from "vitest";
import { createTerminalFilter } from "../../../sandbox/inspect/terminal-filter.ts";

const CASES: readonly (readonly [string, string])[] = [
  ["plain text\r\n", "plain text\r\n"],
  ["\u001b[31mred\u001b[0m \u001b[2K\u001b[6n", "\u001b[31mred\u001b[0m \u001b[2K\u001b[6n"],
  ["a\u001b]52;c;aGk=\u0007b", "ab"],
  ["a\u001b]0;title\u001b\\b", "ab"],
  ["a\u001b]8;;http://evil\u0007link\u001b]8;;\u0007b", "alinkb"],
  ["a\u001bPq#0\u001b\\b", "ab"],
  ["a\u001bXx\u001b\\\u001b^y\u001b\\\u001b_z\u001b\\b", "ab"],
  ["a\u009d52;c;x\u009cb", "ab"],
  ["a\u0090x\u0007b", "ab"],
  ["über £ © \u009b31m", "über £ © \u009b31m"],
  ["a\u001b]never closed\nb", "a\nb"],
  ["a\u001b\u001b]0;x\u0007b", "a\u001bb"],
];

describe("what reaches the terminal of a shell", () => {
  it.each(CASES)("%j", (written, shown) => {
    expect(createTerminalFilter()(Buffer.from(written)).toString()).toBe(shown);
  });

  it("is not swallowed for ever where a string is not closed", () => {
    const written = Buffer.from(`a\u001b]${"x".repeat(5_000)}`);

    expect(createTerminalFilter()(written).toString()).toBe(`a${"x".repeat(902)}`);
  });

  it.each(CASES)("is the same however it is cut: %j", (written, shown) => {
    const filter = createTerminalFilter();

    const parts = [...Buffer.from(written)].map((byte) => filter(Buffer.of(byte)));

    expect(Buffer.concat(parts).toString()).toBe(shown);
  });
});
