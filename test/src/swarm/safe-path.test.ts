import { describe, expect, it } from "vitest";
import { globProblem, pathProblem, strayPaths } from "../../../src/swarm/safe-path.ts";

describe("pathProblem", () => {
  it.each([
    "a",
    "src/a.ts",
    ".github/workflows/ci.yml",
    ".gitignore",
    "a b/ü.md",
    "app/[id]/x",
    "-rf",
    "a..b",
    "...",
  ])("has nothing against %j", (path) => {
    expect(pathProblem(path)).toBeUndefined();
  });

  it.each([
    ["", "empty"],
    ["/etc/passwd", "not relative"],
    ["/proc/self/environ", "not relative"],
    ["C:/Windows", "not relative"],
    ["../x", '".."'],
    ["a/../../x", '".."'],
    ["..", '".."'],
    ["./a", '"."'],
    ["a//b", "empty"],
    ["a/", "empty"],
    ["a\\..\\b", "backslash"],
    [".git/config", ".git"],
    ["a/.GIT/hooks/pre-commit", ".git"],
    [".git./config", ".git"],
    [".git /config", ".git"],
    ["GIT~1/config", ".git"],
    [".g\u200Cit/config", "invisible"],
    ["a\0b", "control"],
    ["a\nb", "control"],
    ["a\u202Eb", "invisible"],
    ["a\uD800", "invisible"],
    ["x".repeat(301), "longer"],
  ])("refuses %j because of %s", (path, word) => {
    expect(pathProblem(path)).toContain(word);
  });
});

describe("globProblem", () => {
  it.each([
    ["src/**", undefined],
    ["{a,b}/c", undefined],
    ["{a,..}/c", '".." is not allowed in it'],
    ["{.git,b}/c", "it is inside .git"],
    ["{a,b}".repeat(30), "its braces stand for too many patterns"],
    ["/**", "it is not relative to the repository"],
  ])("of %s is %s", (glob, problem) => {
    expect(globProblem(glob)).toBe(problem);
  });
});

describe("strayPaths", () => {
  it("names what no glob covers", () => {
    const stray = strayPaths(["src/a.ts", ".github/workflows/ci.yml", "README.md"], ["src/**"]);

    expect(stray).toEqual([".github/workflows/ci.yml", "README.md"]);
  });
});
