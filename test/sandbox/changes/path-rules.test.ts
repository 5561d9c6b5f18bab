import { describe, expect, it } from "vitest";
import { carriedPath, checkLink } from "../../../sandbox/changes/path-rules.ts";
import { rawOf } from "../../../sandbox/changes/raw-path.ts";

const raw = (text: string) => rawOf(Buffer.from(text));
const refusal = expect.objectContaining({ code: "sandbox.refused-path" });

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
  ])("may be %j", (path) => {
    expect(carriedPath(raw(path))).toBe(path);
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
    "x".repeat(4097),
  ])("may not be %j", (path) => {
    expect(() => carriedPath(raw(path))).toThrow(refusal);
  });

  it("may not be anything but UTF-8", () => {
    expect(() => carriedPath(rawOf(Buffer.from([0x61, 0xff])))).toThrow(refusal);
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
  ])("at %j may lead to %j", (path, target) => {
    expect(() => checkLink(path, raw(target))).not.toThrow();
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
    ["a", "x\ny"],
    ["a", "\\\\server\\.git"],
    [".gitmodules", "b"],
    ["sub/.GitModules", "b"],
  ])("at %j may not lead to %j", (path, target) => {
    expect(() => checkLink(path, raw(target))).toThrow(refusal);
  });
});
