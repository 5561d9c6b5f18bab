import { describe, expect, it } from "vitest";
import { shownName, shownText, typedPath } from "../../../sandbox/inspect/shown-text.ts";

const raw = (bytes: readonly number[]) => Buffer.from(bytes).toString("latin1");
const utf8 = (text: string) => Buffer.from(text).toString("latin1");

it.each([
  ["plain\tand\nlines\n", "plain\tand\nlines\n"],
  ["a\u001b[31mb", "a␛[31mb"],
  ["evil()\rfine()", "evil()␍fine()"],
  ["a\bb\u0000c\u007f", "a␈b␀c␡"],
  ["a\u009b31mb", "a<U+009B>31mb"],
  ["a\u202eb\u200bc\ufeff", "a<U+202E>b<U+200B>c<U+FEFF>"],
  ["über 日本 👍", "über 日本 👍"],
  ["a\u2028b", "a<U+2028>b"],
])("text is shown and does not act: %j", (text, shown) => {
  expect(shownText(text)).toBe(shown);
});

describe("a name", () => {
  it.each([
    ["src/main.ts", "src/main.ts"],
    ["-dash and space", "-dash and space"],
    [utf8("über/日本"), "über/日本"],
    ["a\nb", String.raw`"a\nb"`],
    ["a\u001b[31m", String.raw`"a\033[31m"`],
    ['"quoted"', String.raw`"\"quoted\""`],
    ['half"', 'half"'],
    ["back\\slash", String.raw`"back\\slash"`],
    [raw([0x61, 0xff, 0xfe]), String.raw`"a\377\376"`],
    [utf8("a\u202eb"), String.raw`"a\342\200\256b"`],
  ])("is on one line and can be typed again: %j", (path, shown) => {
    expect(shownName(path)).toBe(shown);
    expect(typedPath(shown)).toBe(path);
  });

  it("of any bytes can be typed again as it is shown", () => {
    for (let first = 1; first < 256; first++) {
      if (first === 0x2f) continue;
      for (const second of [0x22, 0x5c, 0x30, 0x80, first]) {
        const path = raw([first, second, 0x78]);
        expect(typedPath(shownName(path))).toBe(path);
        expect(shownName(path)).not.toMatch(/[\p{Cc}\p{Cf}]/u);
      }
    }
  });
});

it.each([
  ["", ""],
  [".", ""],
  ["/workspace", ""],
  ["/workspace/a/b", "a/b"],
  ["./a//b/", "a/b"],
  ["/workspaces/a", undefined],
  ["/etc/passwd", undefined],
  ["..", undefined],
  ["a/../../b", undefined],
  ["a\u0000b", undefined],
  [String.raw`"a\000b"`, undefined],
  [String.raw`"a\qb"`, undefined],
  ['"../a"', undefined],
])("what is typed as %j means %j", (typed, path) => {
  expect(typedPath(typed)).toBe(path);
});
