import { describe, expect, it } from "vitest";
import { listFiles } from "../../../../src/swarm/tools/list-files.ts";
import { readFile as readTool } from "../../../../src/swarm/tools/read-file.ts";
import { searchFiles } from "../../../../src/swarm/tools/search-files.ts";
import { folderSession } from "../../../fakes/folder-session.ts";
import { gitRepository, use } from "./tools-world.ts";

describe("list", () => {
  const FILES = {
    "README.md": "",
    "src/a.ts": "",
    "src/deep/b.ts": "",
    "src/[id]/page.tsx": "",
    ".gitignore": "dist\nnode_modules\n",
    "dist/out.js": "",
    "node_modules/x/index.js": "",
  };

  it.each([
    ["", [".gitignore", "README.md", "src/[id]/page.tsx", "src/a.ts", "src/deep/b.ts"]],
    ["src", ["src/[id]/page.tsx", "src/a.ts", "src/deep/b.ts"]],
    ["./src/", ["src/[id]/page.tsx", "src/a.ts", "src/deep/b.ts"]],
    ["src/[id]", ["src/[id]/page.tsx"]],
    ["src/[id]/*", ["src/[id]/page.tsx"]],
    ["**/*.ts", ["src/a.ts", "src/deep/b.ts"]],
    ["src/*.{ts,js}", ["src/a.ts"]],
    ["src/a.ts", ["src/a.ts"]],
    ["zzz/**", ["There are no such files."]],
  ])("with %j names the files git would carry", async (path, expected) => {
    await using session = await folderSession(FILES);
    await gitRepository(session);

    const result = await use(listFiles, session, { path });

    expect(result.kind).toBe("done");
    expect(result.text.split("\n").toSorted()).toEqual(expected);
  });

  it("shows files that are new and leaves out those that are gone", async () => {
    await using session = await folderSession(FILES);
    await gitRepository(session);
    await session.run(["sh", "-c", "rm src/a.ts && touch src/new.ts"]);

    const { text } = await use(listFiles, session, { path: "src/*.ts" });

    expect(text).toBe("src/new.ts");
  });

  it("works where there is no git", async () => {
    await using session = await folderSession(FILES);

    const { text } = await use(listFiles, session, { path: "src/**/*.ts" });

    expect(text.split("\n").toSorted()).toEqual(["src/a.ts", "src/deep/b.ts"]);
  });

  it("says how many it left out", async () => {
    const many = Object.fromEntries(Array.from({ length: 450 }, (_, i) => [`src/${i}.ts`, ""]));
    await using session = await folderSession(many);

    const { text } = await use(listFiles, session, { path: "src" });

    expect(text).toContain("[50 more left out.");
  });
});

describe("read", () => {
  it("shows lines with their numbers and how many there are", async () => {
    await using session = await folderSession({ "a.txt": "one\ntwo\nthree\nfour\n" });

    const { text } = await use(readTool, session, { path: "a.txt", from: 2, to: 3 });

    expect(text).toBe(
      '[a.txt: 4 lines, 19 bytes, blob f384549cbeb481e437091320de6d1f2e15e11b4a]\n     2\ttwo\n     3\tthree\n[Lines 2 to 3 of 4. Read on with "from": 4.]',
    );
  });

  it("shows at most 400 lines at once", async () => {
    await using session = await folderSession({ "a.txt": "x\n".repeat(1000) });

    const { text } = await use(readTool, session, { path: "a.txt", to: 900 });

    const lines = text.split("\n");
    expect(lines).toHaveLength(402);
    expect(lines.at(-1)).toBe('[Lines 1 to 400 of 1000. Read on with "from": 401.]');
  });

  it.each([
    ["a file that there is not", { path: "zzz" }, ["failed", "no such file"]],
    ["a folder", { path: "src" }, ["failed", "no such file"]],
    ["a binary file", { path: "src/bin" }, ["failed", "not text"]],
    ["an empty file", { path: "src/empty" }, ["done", "is empty"]],
    ["lines the wrong way round", { path: "src/empty", from: 5, to: 2 }, ["failed", "before"]],
  ])("answers %s", async (_, input, answer) => {
    await using session = await folderSession({ "src/bin": "a\0b", "src/empty": "" });

    const result = await use(readTool, session, input);

    const [kind, word = ""] = answer;
    expect(result).toMatchObject({ kind, text: expect.stringContaining(word) });
  });

  it("takes a name like an option or a variable for a name", async () => {
    await using session = await folderSession({ "-rf": "dash\n", "NR=5": "equals\n" });

    const texts = [
      await use(readTool, session, { path: "-rf" }),
      await use(readTool, session, { path: "NR=5" }),
    ];

    expect(texts.map(({ text }) => text.split("\n")[1])).toEqual([
      "     1\tdash",
      "     1\tequals",
    ]);
  });
});

describe("search", () => {
  it.each([
    ["plain text", { pattern: "a.b(" }, "src/a.ts:1:a.b(c)"],
    ["a regular expression", { pattern: "^x+y$", regex: true }, "src/a.ts:2:xxy"],
    ["text like an option", { pattern: "--help" }, "src/b.ts:1:--help"],
    ["one folder", { pattern: "c", path: "src" }, "src/a.ts:1:a.b(c)"],
    ["one file", { pattern: "--", path: "src/b.ts" }, "src/b.ts:1:--help"],
    ["what is not there", { pattern: "zzz" }, "Nothing found."],
  ])("finds %s", async (_, input, expected) => {
    await using session = await folderSession({
      "src/a.ts": "a.b(c)\nxxy\n",
      "src/b.ts": "--help\n",
      ".git/config": "c xxy --help a.b(",
      "node_modules/x/i.js": "c --help a.b(",
    });

    const result = await use(searchFiles, session, input);

    expect(result).toEqual({ kind: "done", text: expected });
  });

  it("says what is wrong with a regular expression", async () => {
    await using session = await folderSession({ "a.txt": "a" });

    const result = await use(searchFiles, session, { pattern: "a(", regex: true });

    expect(result).toMatchObject({ kind: "failed", text: expect.stringMatching(/\(/) });
  });

  it("bounds long lines and many of them", async () => {
    await using session = await folderSession(
      Object.fromEntries(
        Array.from({ length: 300 }, (_, i) => [`f${i}`, `x${"y".repeat(5000)}\n`]),
      ),
    );

    const { text } = await use(searchFiles, session, { pattern: "x" });

    expect(text.length).toBeLessThan(200 * 310 + 100);
    expect(text).toMatch(/\[There are more\. Narrow the search\.\]$/);
  });
});
