import { describe, expect, it } from "vitest";
import { termsOf, wordsOfName } from "../../../src/context/terms.ts";

describe("the places that a text names", () => {
  it.each<[string, string, { path: string; line?: number }]>([
    ["a path in a sentence", "Look at src/api/user.ts.", { path: "src/api/user.ts" }],
    ["a file name", "the README.md is wrong", { path: "README.md" }],
    ["a path in quotes", "`./lib/a b`, 'lib/[id].tsx'", { path: "lib/[id].tsx" }],
    ["a path with a line", "see src/a.ts:12:3", { path: "src/a.ts", line: 12 }],
    ["Node's stack", "    at total (/app/src/sum.js:7:11)", { path: "app/src/sum.js", line: 7 }],
    ["Python's stack", '  File "/srv/app/x.py", line 31, in y', { path: "srv/app/x.py", line: 31 }],
    ["Java's stack", "  at com.acme.Shop.buy(Shop.java:88)", { path: "Shop.java", line: 88 }],
    ["Go's stack", "\t/go/src/shop/main.go:40 +0x1d", { path: "go/src/shop/main.go", line: 40 }],
    ["Rust's panic", "panicked at src/lib.rs:9:5:", { path: "src/lib.rs", line: 9 }],
    ["Windows", "C:\\x: in src\\a.cs", { path: "src/a.cs" }],
    [
      "a link to the code",
      "https://github.com/a/b/blob/main/src/deep/a.ts#L5-L9",
      { path: "src/deep/a.ts", line: 5 },
    ],
    ["a folder", "everything below src/api/ moves", { path: "src/api" }],
  ])("%s", (_, text, place) => {
    expect(termsOf(text).places).toContainEqual({ line: undefined, ...place });
  });

  it.each(["Since 1.5 and on.", "see https://example.org/a/b.html", "and/ or /", "", "no. Way"])(
    "are none in %j",
    (text) => {
      expect(termsOf(text).places).toEqual([]);
    },
  );
});

describe("the names and words of a text", () => {
  it("are identifiers, calls, flags and what is quoted", () => {
    const text =
      '`total` of readUserFile() and sum(x): MAX_SIZE, snake_case, --dry-run, "not found"';

    expect(termsOf(text).names.toSorted()).toEqual(
      [
        "--dry-run",
        "MAX_SIZE",
        "not found",
        "readUserFile",
        "snake_case",
        "sum",
        "total",
      ].toSorted(),
    );
  });

  it("are words without those that every request has", () => {
    const { names, words } = termsOf(
      "Please fix the greetings when it's somebody's birthday. Don't!",
    );

    expect(names).toEqual([]);
    expect(words).toEqual(["greeting", "somebody", "birthday", "don"]);
  });

  it("are bounded, and found in time whatever the text holds", () => {
    const texts = [
      Array.from({ length: 5_000 }, (_, i) => `someName${i} src/f${i}.ts wort${i}`).join(" "),
      "a".repeat(1_000_000),
      `${"/a".repeat(500_000)}`,
      "(".repeat(100_000),
      '"`'.repeat(100_000),
      "aA".repeat(500_000),
      "\u200b".repeat(100_000),
    ];
    for (const text of texts) {
      const { places, names, words } = termsOf(text);
      expect(places.length).toBeLessThanOrEqual(40);
      expect(names.length).toBeLessThanOrEqual(40);
      expect(words.length).toBeLessThanOrEqual(24);
    }
  });
});

it("a name is the words it is made of", () => {
  expect(wordsOfName("readHTMLFile_now2-then.test")).toEqual([
    "read",
    "html",
    "file",
    "now2",
    "then",
    "test",
  ]);
});
