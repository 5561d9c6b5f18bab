import { describe, expect, it } from "vitest";
import { linkProblem, pathProblem } from "../../../src/git/safe-path.ts";

describe("pathProblem", () => {
  it.each([
    "README.md",
    "src/a b/ü.ts",
    "-dash",
    " lead",
    "trail ",
    "a:b",
    "CON",
    "aux.txt",
    '"quoted"',
    "'",
    "$(x)",
    ".github/workflows/ci.yml",
    ".gitignore",
    "git",
    ".gitx",
    "x.git",
    "日本/語",
    "a..b",
    "x".repeat(255),
    ".wh.x",
    "*",
  ])("accepts %j", (path) => {
    expect(pathProblem(path)).toBeUndefined();
  });

  it.each([
    ["", "has an empty part"],
    ["/etc/passwd", "has an empty part"],
    ["a//b", "has an empty part"],
    ["a/", "has an empty part"],
    [".", 'has a part "."'],
    ["a/./b", 'has a part "."'],
    ["../x", 'has a part ".."'],
    ["a/../b", 'has a part ".."'],
    [".git", "spells .git"],
    [".git/hooks/post-checkout", "spells .git"],
    ["a/.git/config", "spells .git"],
    [".GIT/config", "spells .git"],
    [".Git", "spells .git"],
    [".git.", "spells .git"],
    [".git ", "spells .git"],
    [".git. . ", "spells .git"],
    ["git~1", "spells .git"],
    ["GIT~1/config", "spells .git"],
    ["git~2", "spells .git"],
    [".git::$INDEX_ALLOCATION", "spells .git"],
    [".git:x", "spells .git"],
    ["．git", "spells .git"],
    [".ｇit", "spells .git"],
    [".g\u200Cit", "holds an invisible character"],
    [".git\uFEFF", "holds an invisible character"],
    ["\u202Etxt.exe", "holds an invisible character"],
    ["a\u2066b", "holds an invisible character"],
    ["a\nb", "holds a control character"],
    ["a\rb", "holds a control character"],
    ["a\r", "holds a control character"],
    ["a\tb", "holds a control character"],
    ["a\0b", "holds a control character"],
    ["a\u001b[2J", "holds a control character"],
    ["a\u0085b", "holds a control character"],
    ["..\\x", "holds a backslash"],
    [".git\\config", "holds a backslash"],
    ["\uD800", "is not UTF-8"],
    ["a\uFFFD", "is not UTF-8"],
    ["x".repeat(256), "has a part longer than 255 bytes"],
    ["ü".repeat(128), "has a part longer than 255 bytes"],
    [`${"a/".repeat(2048)}b`, "is longer than 4096 bytes"],
  ])("refuses %j", (path, problem) => {
    expect(pathProblem(path)).toBe(problem);
  });

  it("judges bytes that are not UTF-8", () => {
    expect(pathProblem(Buffer.from([0x61, 0xff]))).toBe("is not UTF-8");
    expect(pathProblem(Buffer.from("a/b"))).toBeUndefined();
  });
});

describe("linkProblem", () => {
  it.each([
    ["a", "b"],
    ["a/b", "../c"],
    ["a/b/c", "../../d/e"],
    ["a", "./b"],
    ["a", "not-there"],
    ["node_modules/.bin/x", "../x/cli.js"],
  ])("accepts %j to %j", (path, target) => {
    expect(linkProblem(path, Buffer.from(target))).toBeUndefined();
  });

  it.each([
    ["a", "/etc/passwd", "leads to an absolute path"],
    ["a", "C:/x", "leads to an absolute path"],
    ["a", "\\\\host\\x", "leads to an absolute path"],
    ["a", "..", "leads out of the repository"],
    ["a/b", "../../c", "leads out of the repository"],
    ["a", "b/../../c", "leads out of the repository"],
    ["a", "..\\c", "leads out of the repository"],
    ["a", ".git", "leads into .git"],
    ["a", "./.GIT/config", "leads into .git"],
    ["a/b", "../.git/hooks", "leads into .git"],
    ["a", "git~1", "leads into .git"],
    ["a", "", "is empty or too long"],
    ["a", "x/".repeat(2048), "is empty or too long"],
    ["a", "b\nc", "is no plain text"],
    ["a", "b\0c", "is no plain text"],
    [".gitmodules", "x", "is a link where git expects a file"],
    ["a/.GITATTRIBUTES", "x", "is a link where git expects a file"],
  ])("refuses %j to %j", (path, target, problem) => {
    expect(linkProblem(path, Buffer.from(target))).toBe(problem);
  });

  it("refuses a target that is not UTF-8", () => {
    expect(linkProblem("a", Buffer.from([0xc3, 0x28]))).toBe("is no plain text");
  });
});
