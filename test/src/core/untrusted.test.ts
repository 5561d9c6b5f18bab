import { describe, expect, it } from "vitest";
import { visible } from "../../../src/core/untrusted.ts";
import { seeded } from "./seeded.ts";

describe("visible() drops what a person cannot see", () => {
  const hidden: readonly (readonly [string, string, string])[] = [
    ["zero-width space", "ne\u200bxus", "nexus"],
    ["word joiner", "ne\u2060xus", "nexus"],
    ["bidirectional override", "a\u202eb\u2066c", "abc"],
    ["tag characters", "a\u{e0041}\u{e0042}b", "ab"],
    ["variation selectors", "a\ufe0fb\u{e0101}", "ab"],
    ["Hangul fillers", "a\u3164b\uffa0c", "abc"],
    ["byte order mark", "\ufeffa", "a"],
    ["escape and other controls", "a\u001b[31mb\u0000c\u0085d", "a[31mbcd"],
    ["carriage returns", "a\r\nb\rc", "a\nbc"],
  ];

  it.each(hidden)("%s", (_name, text, expected) => {
    expect(visible(text)).toBe(expected);
  });

  it("and keeps letters of every script, tabs, newlines and emoji", () => {
    const text = "Größe\tπ 中文 عربى हिन्दी\n👍 e\u0301";

    expect(visible(text)).toBe(text);
  });

  it("cleaning twice is cleaning once, for any code points", () => {
    const random = seeded(4);
    for (let round = 0; round < 500; round++) {
      const text = Array.from({ length: 40 }, () =>
        String.fromCodePoint(random.int(0x110000)),
      ).join("");

      expect(visible(visible(text))).toBe(visible(text));
    }
  });
});
