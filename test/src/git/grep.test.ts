import { describe, expect, it } from "vitest";
import type { Grep } from "../../../src/core/git.ts";
import { mirrorOf, upstreamWith } from "./sample-repository.ts";

const FILES = {
  "src/greet.ts": 'export function greet(name) {\n  return "Hello, " + name;\n}\n',
  "src/deep/twice.ts": "greet(1);\ngreet(2);\nGREET(3);\n",
  "docs/a b:1.md": "See greet.\r\n",
  "-e": "greet\n",
  "logo.png": "greet\0\u0001\n",
  ".gitattributes": "*.ts -diff\n*.md binary\n",
};

async function searched(change: Partial<Grep>, files: Parameters<typeof upstreamWith>[0] = FILES) {
  const upstream = await upstreamWith(files);
  const mirror = await mirrorOf(upstream);
  return await mirror.grep({
    commit: upstream.main,
    patterns: ["greet"],
    mostPerFile: 10,
    most: 100,
    ...change,
  });
}

const places = ({ hits }: { readonly hits: readonly { path: string; line: number }[] }) =>
  hits.map(({ path, line }) => `${path}:${line}`);

async function placesOf(change: Partial<Grep>, files?: Parameters<typeof upstreamWith>[0]) {
  const result = await searched(change, files);
  return result.kind === "found" ? places(result) : result;
}

describe("the search in a commit", () => {
  it("finds lines in text files by path, whatever names and attributes say", async () => {
    const result = await searched({});

    expect(result).toMatchObject({ kind: "found", isCut: false });
    expect(
      result.kind === "found" && result.hits.toSorted((a, b) => (a.path < b.path ? -1 : 1)),
    ).toEqual([
      { path: "-e", line: 1, text: "greet" },
      { path: "docs/a b:1.md", line: 1, text: "See greet.\r" },
      { path: "src/deep/twice.ts", line: 1, text: "greet(1);" },
      { path: "src/deep/twice.ts", line: 2, text: "greet(2);" },
      { path: "src/greet.ts", line: 1, text: "export function greet(name) {" },
    ]);
  });

  it.each<[string, Partial<Grep>, readonly string[]]>([
    ["in one folder", { path: "src/deep" }, ["src/deep/twice.ts:1", "src/deep/twice.ts:2"]],
    ["in one file", { path: "src/greet.ts" }, ["src/greet.ts:1"]],
    ["in a folder that is not there", { path: "lib" }, []],
    ["with a wildcard as a plain name", { path: "src/*" }, []],
    ["a text that is there nowhere", { patterns: ["farewell"] }, []],
    ["for nothing", { patterns: [] }, []],
    ["a pattern as plain text", { patterns: ["gre+t"] }, []],
    ["a pattern that looks like an option", { patterns: ["--no-index"] }, []],
    [
      "an expression",
      { patterns: ["^greet\\([12]"], regex: true },
      ["src/deep/twice.ts:1", "src/deep/twice.ts:2"],
    ],
    [
      "in any letters",
      { patterns: ["GREET("], ignoreCase: true, path: "src/deep" },
      ["src/deep/twice.ts:1", "src/deep/twice.ts:2", "src/deep/twice.ts:3"],
    ],
    ["any of several", { patterns: ["Hello", "GREET"] }, ["src/deep/twice.ts:3", "src/greet.ts:2"]],
  ])("looks %s", async (_, change, expected) => {
    expect(await placesOf(change)).toEqual(expected);
  });

  it("stops at the most of one file and of all, and says so", async () => {
    const files = { a: "x\n".repeat(50), b: "x\n".repeat(50) };

    const result = await searched({ patterns: ["x"], mostPerFile: 3, most: 4 }, files);

    expect(result).toMatchObject({ kind: "found", isCut: true });
    expect(result.kind === "found" && places(result)).toEqual(["a:1", "a:2", "a:3", "b:1"]);
  });

  it("cuts lines that are too long, and stops where there is too much of them", async () => {
    const files = { a: `x${"y".repeat(100_000)}\n`.repeat(50), b: "x\n" };

    const result = await searched({ patterns: ["x"], mostPerFile: 50 }, files);

    expect(result).toMatchObject({ kind: "found", isCut: true });
    expect(result.kind === "found" && result.hits[0]?.text).toHaveLength(300);
  });

  it("passes over names that could not be asked for again", async () => {
    const files = { "new\nline": "greet\n", "bad\uFFFD": "greet\n", good: "greet\n" };

    expect(await placesOf({}, files)).toEqual(["good:1"]);
  });
});

describe("a pattern that is none is refused", () => {
  it.each<[string, Pick<Grep, "patterns" | "regex">, string]>([
    ["nothing", { patterns: [""] }, "empty"],
    ["two lines", { patterns: ["a\nb"] }, "line break"],
    ["a NUL", { patterns: ["a\0b"] }, "NUL"],
    ["half a character", { patterns: ["\uD800"] }, "half a character"],
    ["a novel", { patterns: ["x".repeat(1001)] }, "longer than 1000"],
    ["an open parenthesis", { patterns: ["a("], regex: true }, "no extended regular expression"],
    ["an open bracket", { patterns: ["[a"], regex: true }, "no extended regular expression"],
    [
      "a bomb of repetitions",
      { patterns: ["((a{1,200}){1,200}){1,200}"], regex: true },
      "repeats its parts too often",
    ],
    [
      "a long part, often",
      { patterns: [`(${"ab|".repeat(300)}c){1,256}`], regex: true },
      "repeats its parts too often",
    ],
    ["a reference back", { patterns: ["(.*)(.*)\\1\\2x"], regex: true }, "refers back"],
  ])("%s", async (_, change, why) => {
    const result = await searched(change);

    expect(result).toEqual({ kind: "refused", why: expect.stringContaining(why) });
  });

  it("too many of them", async () => {
    const result = await searched({ patterns: Array.from({ length: 201 }, (_, i) => `p${i}`) });

    expect(result).toMatchObject({ kind: "refused" });
  });

  it("but not for a commit that is not here, which is trouble", async () => {
    await expect(searched({ commit: "f".repeat(40) })).rejects.toMatchObject({
      code: "git.failed",
    });
  });

  it("and a search that is stopped says so", async () => {
    const stopped = AbortSignal.abort();

    await expect(searched({ signal: stopped })).rejects.toMatchObject({ code: "aborted" });
  });
});
