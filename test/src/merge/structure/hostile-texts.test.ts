import fc from "fast-check";
import { beforeAll, describe, expect, it } from "vitest";
import type { Syntax } from "../../../../src/core/syntax.ts";
import { createSyntax } from "../../../../src/syntax/create-syntax.ts";
import { mergeAlone } from "./tools.ts";

let syntax: Syntax;
beforeAll(async () => {
  syntax = await createSyntax();
});

const paths = [
  "a.ts",
  "a.tsx",
  "a.js",
  "a.json",
  "a.yaml",
  "a.toml",
  "a.py",
  "a.go",
  "a.rs",
  "A.java",
  "a.css",
  "a.html",
  "a.md",
] as const;

const fragment = fc.constantFrom(
  "{",
  "}",
  "[",
  "]",
  "(",
  ")",
  ",",
  ";",
  ":",
  "\n",
  "\r\n",
  "\t",
  "  ",
  "- a",
  "# b",
  "// c",
  "/* d */",
  "a: 1",
  "function f() {}",
  "import x",
  "class A",
  "<p>",
  "</p>",
  "a",
  "\u0000",
  "\ud800",
  "\u2028",
  "=======",
  "<<<<<<< x",
);

describe("texts that nobody wrote for a parser", () => {
  it.each(paths)("never break the merge of %s", (path) => {
    const text = fc.array(fragment, { maxLength: 14 }).map((parts) => parts.join(""));
    fc.assert(
      fc.property(text, text, text, (base, ours, theirs) => {
        const merge = mergeAlone(syntax, path, [base, ours, theirs]);

        if (merge?.kind === "merged") {
          expect(syntax.parse(path, merge.text)?.hasErrors).toBe(false);
        }
      }),
      { numRuns: 60, seed: 4_711 },
    );
  });

  it("members with one name a thousand times over come to an end", () => {
    const program = (value: number) => `function f() {\n  return ${value};\n}\n`.repeat(1000);

    expect(() =>
      mergeAlone(syntax, "a.js", [program(0), program(1), `${program(0)}g();\n`]),
    ).not.toThrow();
  });

  it("a list of ten thousand elements that all changed comes to an end", () => {
    const list = (from: number) =>
      `[\n${Array.from({ length: 10_000 }, (_, at) => `  ${from + at}`).join(",\n")}\n]\n`;

    expect(mergeAlone(syntax, "a.json", [list(0), list(20_000), list(50_000)])?.kind).not.toBe(
      "merged",
    );
  });

  it("names of the language's own objects are names like others", () => {
    const program = (names: readonly string[]) =>
      `{\n${names.map((name) => `  "${name}": 1`).join(",\n")}\n}\n`;

    const merge = mergeAlone(syntax, "a.json", [
      program(["constructor"]),
      program(["constructor", "__proto__"]),
      program(["constructor", "toString"]),
    ]);

    expect(merge).toMatchObject({
      kind: "merged",
      text: program(["constructor", "__proto__", "toString"]),
    });
  });
});
