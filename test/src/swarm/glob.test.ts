import { describe, expect, it } from "vitest";
import { alternatives, isGlob, matchesGlob } from "../../../src/swarm/glob.ts";

describe("matchesGlob", () => {
  it.each([
    ["src/a.ts", "src/a.ts"],
    ["src/*.ts", "src/a.ts"],
    ["src/**", "src/a/b/c.ts"],
    ["src/**/*.ts", "src/a.ts"],
    ["src/**/*.ts", "src/a/b.ts"],
    ["**/*.test.ts", "a.test.ts"],
    ["**", "a/b"],
    ["a?c", "abc"],
    ["src/*.{ts,tsx}", "src/a.tsx"],
    ["{a,b/{c,d}}/x", "b/d/x"],
    ["app/[id]/**", "app/[id]/page.tsx"],
    [".github/workflows/*.yml", ".github/workflows/ci.yml"],
    [".eslintrc*", ".eslintrc.json"],
    ["docs/ü*.md", "docs/über.md"],
    ["a+(b).ts", "a+(b).ts"],
  ])("%s covers %s", (glob, path) => {
    expect(matchesGlob(glob, path)).toBe(true);
  });

  it.each([
    ["src/*.ts", "src/a/b.ts"],
    ["src/*", "src/.env"],
    ["**", ".github/workflows/ci.yml"],
    ["**/*.yml", ".github/workflows/ci.yml"],
    ["src/**", "src/.hidden/a.ts"],
    ["src/?", "src/.x"],
    ["src", "src/a.ts"],
    ["src/**", "srcs/a.ts"],
    ["a.ts", "axts"],
    ["app/[id]/x", "app/i/x"],
    ["!src/a.ts", "src/b.ts"],
    ["SRC/a.ts", "src/a.ts"],
    ["src/a.ts", "src/a.ts/b"],
    ["a?c", "ac"],
  ])("%s does not cover %s", (glob, path) => {
    expect(matchesGlob(glob, path)).toBe(false);
  });

  it("takes no longer for hostile patterns than for others", () => {
    const glob = `${"*a".repeat(120)}b`;
    const deep = `${"**/a/".repeat(50)}b`;
    const began = performance.now();

    const covered = [
      matchesGlob(glob, "a".repeat(250)),
      matchesGlob(deep, "a/".repeat(500).concat("c")),
    ];

    expect(covered).toEqual([false, false]);
    expect(performance.now() - began).toBeLessThan(10_000);
  });

  it("covers nothing when the braces stand for too much", () => {
    const bomb = "{a,b}".repeat(30);

    expect(alternatives(bomb)).toEqual([]);
    expect(matchesGlob(bomb, "a".repeat(30))).toBe(false);
  });
});

describe("isGlob", () => {
  it.each([
    ["src/a.ts", false],
    ["app/[id]/page.tsx", false],
    ["a{b}c", false],
    ["a/*", true],
    ["a?", true],
    ["{a,b}", true],
  ])("%s: %s", (text, expected) => {
    expect(isGlob(text)).toBe(expected);
  });
});
