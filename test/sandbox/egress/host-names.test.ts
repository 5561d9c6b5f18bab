import { describe, expect, it } from "vitest";
import { requireHostNames } from "../../../sandbox/egress/host-names.ts";

describe("hosts that a way out is for", () => {
  it("are names and names below a name, each once", () => {
    expect(requireHostNames(["a.test", "*.b.test", "a.test", "x-1.a.b"])).toEqual([
      "a.test",
      "*.b.test",
      "x-1.a.b",
    ]);
  });

  it.each([
    "",
    "localhost",
    "127.0.0.1",
    "[::1]",
    "2130706433",
    "*",
    "*.test",
    "*.*.a.test",
    "a.*.test",
    "a.test:443",
    "a.test.",
    ".a.test",
    "A.test",
    "-a.test",
    "a.test\nhttp_access allow all",
    "a.test b.test",
    "a.test\u0000",
    "a_b.test",
    "\u0430.test",
    `${"a.".repeat(130)}test`,
  ])("are not %j", (host) => {
    expect(() => requireHostNames(["a.test", host])).toThrow(
      expect.objectContaining({ code: "sandbox.not-allowed" }),
    );
  });

  it("are no more than 256", () => {
    const names = Array.from({ length: 257 }, (_, n) => `h${n}.test`);

    expect(() => requireHostNames(names)).toThrow("More than 256 hosts are named.");
  });
});
