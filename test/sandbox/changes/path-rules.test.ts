import { describe, expect, it } from "vitest";
import { judgePath, linkProblem } from "../../../sandbox/changes/path-rules.ts";
import { rawOf } from "../../../sandbox/changes/raw-path.ts";
import { linkProblem as gitLinkProblem, pathProblem } from "../../../src/git/safe-path.ts";

const raw = (text: string) => rawOf(Buffer.from(text));

describe("a path", () => {
  it.each([
    "README.md",
    "a b",
    "-leading",
    ".gitignore",
    ".github/workflows/ci.yml",
    "src/.gitkeep",
    "git/x",
    "git~x",
    "日本/ä",
    'quote"s',
    "a:b",
    "CON",
    "aux.txt",
    "dot.",
    "space ",
    " space",
    "$(id)",
    ".wh.x",
    ".wh..wh..opq",
    "x".repeat(255),
    "\u2764\ufe0f.txt",
  ])("may be %j", (path) => {
    expect(judgePath(raw(path))).toEqual({ text: path, problem: undefined });
  });

  it.each([
    ".git",
    ".git/config",
    "a/.git/hooks/x",
    ".GIT/x",
    ".Git",
    ".git.",
    ".git ",
    ".git . .",
    "git~1/x",
    "GIT~2",
    ".git::$INDEX_ALLOCATION/x",
    ".git:stream",
    ".g\u200cit/x",
    "\ufeff.git",
    ".ｇit/x",
    "a\\.git\\x",
    "..",
    "../x",
    "a/../b",
    "./x",
    "a//b",
    "/x",
    "",
    "a\nb",
    "a\tb",
    "a\u007fb",
    "a\u009bb",
    "a\u202eb",
    "a\\b",
    "a\u200db",
    "a\u00adb",
    ".gi\u0307t\u200b/x".replace("\u0307", ""),
    "\u{ff0e}git",
    "x".repeat(256),
    "x/".repeat(2048),
    "x".repeat(4097),
  ])("may not be %j", (path) => {
    expect(judgePath(raw(path))).toEqual({ text: path, problem: expect.any(String) });
  });

  it("may not be anything but UTF-8", () => {
    expect(judgePath(rawOf(Buffer.from([0x61, 0xff])))).toEqual({
      text: "a\uFFFD",
      problem: "the name is not valid UTF-8",
    });
    expect(judgePath(raw("a\uFFFD")).problem).toBe("the name is not valid UTF-8");
  });
});

describe("a link", () => {
  it.each([
    ["a", "b"],
    ["a/b", "../c"],
    ["a/b/c", "../../d"],
    ["a/b", ".."],
    ["a", "."],
    ["a", ".gitignore"],
    ["a", "a"],
    ["a/b", "./.././c"],
    ["a", "bb:c"],
    ["a", "x".repeat(4095)],
  ])("at %j may lead to %j", (path, target) => {
    expect(linkProblem(path, Buffer.from(target))).toBeUndefined();
  });

  it.each([
    ["a", "/etc/passwd"],
    ["a", ""],
    ["a", ".."],
    ["a", "../x"],
    ["a/b", "../../x"],
    ["a", "b/../../x"],
    ["a", ".git"],
    ["a", ".git/config"],
    ["a/b", "../.GIT/config"],
    ["a", "b/.git/../c"],
    ["a/b", "c/../d"],
    ["a", "..\\x"],
    ["a", "\\x"],
    ["a", "C:/x"],
    ["a", "git~1/config"],
    ["a", ".git\u200b/config"],
    ["a", "x\u202ey"],
    ["a", "x".repeat(4096)],
    [".gitattributes", "b"],
    [".gitignore", "b"],
    ["a", "x\ny"],
    ["a", "\\\\server\\.git"],
    [".gitmodules", "b"],
    ["sub/.GitModules", "b"],
  ])("at %j may not lead to %j", (path, target) => {
    expect(linkProblem(path, Buffer.from(target))).toEqual(expect.any(String));
  });
});

describe("what the sandbox carries", () => {
  const judge = (path: string) => judgePath(raw(path)).problem;
  const parts = [
    "a",
    "b ",
    ".git",
    "..",
    ".",
    "",
    "GIT~1",
    "x\u200cy",
    "\\",
    ":",
    "CON.",
    "é",
    "\u00ad",
  ];
  const paths = parts.flatMap((one) => parts.map((two) => `${one}/${two}`));

  it("is never refused by git's own wall, neither path nor link", () => {
    const carried = paths.filter((path) => judge(path) === undefined);
    const links = paths.filter((path) => linkProblem("a/b", Buffer.from(path)) === undefined);

    expect(carried.length).toBeGreaterThan(20);
    expect(links.length).toBeGreaterThan(20);
    expect(carried.filter((path) => pathProblem(path))).toEqual([]);
    expect(links.filter((path) => gitLinkProblem("a/b", Buffer.from(path)))).toEqual([]);
  });
});
