import fc from "fast-check";
import { beforeAll, describe, expect, it } from "vitest";
import type { Syntax } from "../../../../src/core/syntax.ts";
import { createSyntax } from "../../../../src/syntax/create-syntax.ts";
import { cleanText, mergeAlone } from "./tools.ts";

let syntax: Syntax;
beforeAll(async () => {
  syntax = await createSyntax();
});

interface Language {
  readonly path: string;
  readonly program: (members: ReadonlyMap<string, number>) => string;
}

function lines(
  members: ReadonlyMap<string, number>,
  line: (name: string, value: number) => string,
) {
  return [...members].map(([name, value]) => line(name, value));
}

const languages: readonly Language[] = [
  {
    path: "a.ts",
    program: (members) =>
      lines(
        members,
        (name, value) => `/** ${name} */\nfunction ${name}() {\n  return ${value};\n}\n`,
      ).join("\n"),
  },
  {
    path: "a.py",
    program: (members) =>
      lines(members, (name, value) => `# ${name}\ndef ${name}():\n    return ${value}\n`).join(
        "\n\n",
      ),
  },
  {
    path: "a.rs",
    program: (members) =>
      lines(members, (name, value) => `#[test]\nfn ${name}() {\n    ${value};\n}\n`).join("\n"),
  },
  {
    path: "a.go",
    program: (members) =>
      `package a\n${lines(members, (name, value) => `\nfunc ${name}() int { return ${value} }\n`).join("")}`,
  },
  {
    path: "A.java",
    program: (members) =>
      `class A {\n${lines(members, (name, value) => `  int ${name}() {\n    return ${value};\n  }\n`).join("\n")}}\n`,
  },
  {
    path: "a.json",
    program: (members) =>
      members.size === 0
        ? "{}\n"
        : `{\n${lines(members, (name, value) => `  "${name}": ${value}`).join(",\n")}\n}\n`,
  },
  {
    path: "a.yaml",
    program: (members) =>
      `top:\n  - one\n${lines(members, (name, value) => `${name}:\n  value: ${value}\n`).join("")}`,
  },
  {
    path: "a.toml",
    program: (members) =>
      lines(members, (name, value) => `[${name}]\nvalue = ${value}\n`).join("\n"),
  },
  {
    path: "a.css",
    program: (members) =>
      lines(members, (name, value) => `.${name} {\n  order: ${value};\n}\n`).join("\n"),
  },
];

const names = ["alpha", "bravo", "charlie", "delta", "echo", "foxtrot", "golf", "hotel"] as const;
const members = fc
  .uniqueArray(fc.tuple(fc.constantFrom(...names), fc.nat(3)), { selector: ([name]) => name })
  .map((pairs) => new Map<string, number>(pairs));

/** Few runs a language: each parses several texts. */
const runs = { numRuns: 40, seed: 20_261_129 };

describe.each(languages)("laws of merging in $path", ({ path, program }) => {
  it("a side that changed nothing leaves the other as it is", () => {
    fc.assert(
      fc.property(members, members, (base, side) => {
        const [old, changed] = [program(base), program(side)];

        expect(cleanText(mergeAlone(syntax, path, [old, changed, old]))).toBe(changed);
        expect(cleanText(mergeAlone(syntax, path, [old, old, changed]))).toBe(changed);
        expect(cleanText(mergeAlone(syntax, path, [old, changed, changed]))).toBe(changed);
      }),
      runs,
    );
  });

  it("a clean result parses and has every member that one side added or both kept, as it was changed", () => {
    fc.assert(
      fc.property(members, members, members, (base, ours, theirs) => {
        const merge = mergeAlone(syntax, path, [program(base), program(ours), program(theirs)]);
        if (merge?.kind !== "merged") return;

        expect(syntax.parse(path, merge.text)?.hasErrors).toBe(false);
        for (const name of names) {
          const expected = expectedValue([base, ours, theirs].map((side) => side.get(name)));
          const alone = expected === undefined ? new Map() : new Map([[name, expected]]);
          expect(occurrences(merge.text, name)).toBe(occurrences(program(alone), name));
        }
      }),
      runs,
    );
  });

  it("the sides may be exchanged: both orders are clean or both are not", () => {
    fc.assert(
      fc.property(members, members, members, (base, ours, theirs) => {
        const [b, o, t] = [program(base), program(ours), program(theirs)];

        expect(mergeAlone(syntax, path, [b, o, t])?.kind).toBe(
          mergeAlone(syntax, path, [b, t, o])?.kind,
        );
      }),
      runs,
    );
  });
});

function occurrences(text: string, name: string): number {
  return text.split(name).length - 1;
}

function expectedValue([base, ours, theirs]: readonly (number | undefined)[]): number | undefined {
  return ours === base ? theirs : ours;
}
