import { describe, expect, it } from "vitest";
import { sharedPaths } from "../../../src/swarm/path-overlap.ts";

const FILES = ["src/api/a.ts", "src/api/a.test.ts", "src/ui/b.tsx", "README.md"];

describe("sharedPaths", () => {
  it.each([
    ["the same file", [["README.md"], ["README.md"]], "README.md"],
    ["the same new file", [["src/new.ts"], ["src/new.ts"]], "src/new.ts"],
    ["the same pattern without files yet", [["lib/**"], ["lib/**"]], "lib/**"],
    ["two patterns over one file", [["src/**"], ["**/*.test.ts"]], "src/api/a.test.ts"],
    ["a new file inside the other's pattern", [["src/api/new.ts"], ["src/**"]], "src/api/new.ts"],
    ["the same, the other way round", [["src/**"], ["src/api/new.ts"]], "src/api/new.ts"],
    ["a folder anywhere", [["**/api/a.ts"], ["src/*/*.ts"]], "src/api/a.ts"],
    ["a file anywhere", [["**/README.md"], ["*.md"]], "README.md"],
    ["an end in braces", [["src/**/*.{ts,tsx}"], ["src/ui/?.tsx"]], "src/ui/b.tsx"],
    ["alternatives", [["src/{api,lib}/**"], ["src/api/*.ts"]], "src/api/a.ts"],
  ])("finds %s", (_, [a = [], b = []], shared) => {
    expect(sharedPaths(a, b, FILES)[0]).toBe(shared);
  });

  it.each([
    ["different folders", ["src/api/**"], ["src/ui/**"]],
    ["different files", ["src/a.ts"], ["src/b.ts"]],
    ["patterns that meet in no file", ["src/ui/**"], ["**/*.test.ts"]],
    ["names that begin the same", ["src/api/**"], ["src/api-v2/**"]],
    ["nothing at all", [], ["src/**"]],
  ])("finds nothing for %s", (_, a, b) => {
    expect(sharedPaths(a, b, FILES)).toEqual([]);
  });

  it("finds all of them once, patterns first", () => {
    const all = sharedPaths(["README.md", "src/api/*", "src/**"], ["**", "src/**"], FILES);

    expect(all).toEqual([
      "src/**",
      "README.md",
      "src/api/a.ts",
      "src/api/a.test.ts",
      "src/ui/b.tsx",
    ]);
  });

  it("is quick on a large repository", () => {
    const files = Array.from(
      { length: 100_000 },
      (_, i) => `packages/p${i % 100}/src/file-${i}.ts`,
    );
    const began = performance.now();

    const shared = sharedPaths(["packages/p1/**"], ["packages/p2/**/*.ts"], files);

    expect(shared).toEqual([]);
    expect(performance.now() - began).toBeLessThan(20_000);
  });
});
