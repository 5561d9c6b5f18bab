import { describe, expect, it } from "vitest";
import type { SandboxSession } from "../../../../src/core/sandbox.ts";
import { searchFiles } from "../../../../src/swarm/tools/search-files.ts";
import { folderSession } from "../../../fakes/folder-session.ts";
import { benchOf, use } from "./tools-world.ts";

const FILES = {
  "src/a.ts":
    "// Says greet.\nexport function greet() {\n  return 1;\n}\nclass Host {\n  greet() {}\n}\n",
  "src/b.ts": 'import { greet } from "./a.ts";\ngreet();\n',
  "src/c.py": "def greet():\n    pass\n",
  "lib/d.rb": "def greet\nend\n",
  "node_modules/x/i.ts": "export function greet() {}\n",
  ".git/x.ts": "export function greet() {}\n",
};

describe("searching for a symbol", () => {
  it.each([
    [
      "greet",
      [
        "src/a.ts:1-4: function greet",
        "src/a.ts:6-6: method Host.greet",
        "src/c.py:1-2: function greet",
        "Lines with the word in files whose definitions cannot be told (no grammar, or too large):",
        "lib/d.rb:1:def greet",
      ],
    ],
    [
      "Host.greet",
      [
        "src/a.ts:6-6: method Host.greet",
        "Lines with the word in files whose definitions cannot be told (no grammar, or too large):",
        "lib/d.rb:1:def greet",
      ],
    ],
    ["Host", ["src/a.ts:5-7: class Host"]],
    ["nowhere", ["Nothing found: no file holds this word."]],
    [
      "Says",
      ["No definition of Says was found where there is a grammar; 1 such files hold the word."],
    ],
  ])("%s names its definitions and not its uses", async (pattern, expected) => {
    await using session = await folderSession(FILES);

    const { kind, text } = await use(searchFiles, session, { pattern, symbol: true });

    expect(kind).toBe("done");
    expect(text.split("\n")).toEqual(expected);
  });

  it("keeps to a folder", async () => {
    await using session = await folderSession(FILES);

    const { text } = await use(searchFiles, session, {
      pattern: "greet",
      symbol: true,
      path: "lib",
    });

    expect(text).toMatch(/lib\/d\.rb:1:def greet$/);
    expect(text).not.toContain("src/");
  });

  it("falls back to lines with the word where there are no parsers", async () => {
    await using session = await folderSession(FILES);

    const { text } = await searchFiles.call(
      { pattern: "greet", symbol: true },
      benchOf(session, { syntax: undefined }),
    );

    expect(text).toContain("cannot be told");
    expect(text).toContain("src/b.ts:1:import { greet }");
  });

  it("finds a definition among more files than one command can bring", async () => {
    const many = Object.fromEntries(
      Array.from({ length: 50 }, (_, i) => [
        `src/f${i}.ts`,
        `wanted();\n// ${"x".repeat(20_000)}\n`,
      ]),
    );
    await using session = await folderSession({ ...many, "src/z.ts": "function wanted() {}\n" });

    const { text } = await use(searchFiles, session, { pattern: "wanted", symbol: true });

    expect(text).toBe("src/z.ts:1-1: function wanted");
  });

  it.each([
    ["what is no name", { pattern: "a b", symbol: true }, "failed"],
    ["a command", { pattern: "$(touch x)", symbol: true }, "failed"],
    ["a regular expression", { pattern: "a", symbol: true, regex: true }, "malformed"],
    ["context", { pattern: "a", symbol: true, context: 2 }, "malformed"],
    ["two lines", { pattern: "a\nb" }, "malformed"],
    ["too much context", { pattern: "a", context: 99 }, "malformed"],
    ["no pattern", { pattern: "" }, "malformed"],
  ])("refuses %s before anything runs", async (_, input, kind) => {
    await using session = await folderSession(FILES);

    const result = await use(searchFiles, session, input);

    expect(result.kind).toBe(kind);
    expect(session.commands).toEqual([]);
  });
});

describe("searching for lines", () => {
  it("shows lines around each when asked to", async () => {
    await using session = await folderSession({ "src/a.txt": "one\ntwo\nthree\nfour\n" });

    const { text } = await use(searchFiles, session, { pattern: "two", context: 1 });

    expect(text.split("\n")).toEqual(["src/a.txt-1-one", "src/a.txt:2:two", "src/a.txt-3-three"]);
  });

  it("says of a file with very many such lines that not all are shown", async () => {
    await using session = await folderSession({
      "src/a.txt": "hit\n".repeat(80),
      "src/b.txt": "hit\n",
    });

    const { text } = await use(searchFiles, session, { pattern: "hit" });

    expect(text).toContain("src/b.txt:1:hit");
    expect(text).toContain("[src/a.txt has 50 such lines or more; the others are not shown.]");
  });

  it("is not kept from the others by a line of ten megabytes", async () => {
    await using session = await folderSession({
      "src/a.min.js": `hit${"x".repeat(10_000_000)}\n`,
      "src/b.ts": "hit\n",
    });
    let printed = 0;
    const watched: SandboxSession = {
      ...session,
      async run(command, options) {
        const result = await session.run(command, options);
        printed += result.output.length;
        return result;
      },
    };

    const { text } = await use(searchFiles, watched, { pattern: "hit" });

    // A sandbox keeps little more of an output than this.
    expect(printed).toBeLessThan(100_000);

    expect(text).toContain("src/b.ts:1:hit");
    expect(text).toMatch(/src\/a\.min\.js:1:hitx+ \[…\]/);
    expect(text.length).toBeLessThan(1000);
  });

  it("takes grep's own words in a file for the file's", async () => {
    await using session = await folderSession({ "src/a.txt": "[grep ended: 1]\nhit\n" });

    const { text } = await use(searchFiles, session, { pattern: "e", path: "src" });

    expect(text).toContain("src/a.txt:1:[grep ended: 1]");
  });
});
