import { describe, expect, it } from "vitest";
import { type Change, toldOf, vitestFile } from "./changes.ts";

const SUM = 'it("adds", () => { expect(sum(2, 2)).toBe(4); });';
const scripts = (own: Record<string, string>) => JSON.stringify({ scripts: own }, null, 2);
const workflow = (...steps: string[]) =>
  ["on: [push, pull_request]", "jobs:", "  check:", "    steps:", ...steps, ""].join("\n");

const CASES: readonly (readonly [string, ...Change[]])[] = [
  ["another runner", ["package.json", scripts({ test: "jest" }), scripts({ test: "vitest run" })]],
  [
    "another linter",
    ["package.json", scripts({ lint: "eslint ." }), scripts({ lint: "biome check ." })],
  ],
  [
    "a script under another name",
    [
      "package.json",
      scripts({ "test:unit": "vitest run", lint: "eslint ." }),
      scripts({ test: "vitest run", lint: "eslint ." }),
    ],
  ],
  [
    "a script that was split",
    [
      "package.json",
      scripts({ check: "tsc && vitest run" }),
      scripts({ check: "npm run types && vitest run", types: "tsc" }),
    ],
  ],
  [
    "more that is run",
    [
      "package.json",
      scripts({ test: "vitest run" }),
      scripts({ test: "tsc && vitest run", start: "node a.js || true" }),
    ],
  ],
  [
    "another version of a package",
    [
      "package.json",
      '{ "devDependencies": { "jest": "1.0.0" }, "scripts": { "test": "jest" } }',
      '{ "devDependencies": { "jest": "2.0.0" }, "scripts": { "test": "jest" } }',
    ],
  ],
  [
    "a step with another action",
    [
      ".github/workflows/ci.yml",
      workflow("      - uses: actions/checkout@v4", "      - run: npm test"),
      workflow("      - uses: actions/checkout@v5", "      - run: npm test"),
    ],
  ],
  [
    "steps that moved to another workflow",
    [".github/workflows/ci.yml", workflow("      - run: npm test"), undefined],
    [".github/workflows/all.yml", undefined, workflow("      - run: npm test")],
  ],
  [
    "a new workflow that goes on after errors",
    [
      ".github/workflows/spell.yml",
      undefined,
      workflow("      - run: spell", "        continue-on-error: true"),
    ],
  ],
  [
    "a higher threshold",
    [
      "vitest.config.ts",
      "export default {\n  lines: 60,\n};\n",
      "export default {\n  lines: 90,\n};\n",
    ],
  ],
  [
    "a rule that is on",
    [
      "eslint.config.js",
      "export default [{ rules: {} }];\n",
      'export default [{ rules: {\n  "no-undef": "error",\n} }];\n',
    ],
  ],
  [
    "a rule that is ignored no more",
    ["pyproject.toml", '[tool.ruff]\nignore = ["E1", "F8"]\n', '[tool.ruff]\nignore = ["E1"]\n'],
  ],
  [
    "a comment that moved",
    [
      "src/a.ts",
      "// eslint-disable-next-line x\nf();\ng();\n",
      "g();\n// eslint-disable-next-line x\nf();\n",
    ],
  ],
  ["a comment that is gone", ["src/a.ts", "// @ts-ignore\nf();\n", "f();\n"]],
  [
    "the words of a comment in a string",
    ["src/a.ts", "f();\n", 'f("// eslint-disable-next-line x");\n'],
  ],
  [
    "a test of types",
    [
      "a.test.ts",
      vitestFile(SUM),
      vitestFile(
        SUM,
        'it("takes no text", () => {',
        "  // @ts-expect-error",
        '  expect(() => sum("a")).toThrow();',
        "});",
      ),
    ],
  ],
  [
    "code that a program made",
    ["src/gen.ts", undefined, "/* eslint-disable */\n// DO NOT EDIT: generated\nf();\n"],
  ],
  [
    "words about tests",
    ["README.md", "Tests: `npm test`\n", "Run `npm test || true` or skip it.\n"],
  ],
  [
    "a snapshot that was written anew",
    ["test/__snapshots__/a.test.ts.snap", "exports[`a 1`] = `1`;\n", "exports[`a 1`] = `2`;\n"],
  ],
];

describe("what runs as much as before, under as many rules, is not found", () => {
  it.each(CASES.map(([name, ...changes]) => ({ name, changes })))("$name", ({ changes }) => {
    expect(toldOf(...changes)).toEqual([]);
  });
});
