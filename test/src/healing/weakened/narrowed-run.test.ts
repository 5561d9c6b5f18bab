import { describe, expect, it } from "vitest";
import { type Change, toldOf } from "./changes.ts";

const scripts = (own: Record<string, string>) => JSON.stringify({ scripts: own }, null, 2);
const workflow = (...steps: string[]) =>
  ["on: [push, pull_request]", "jobs:", "  check:", "    steps:", ...steps, ""].join("\n");
const RUN_ALL = ["      - run: npm ci", "      - run: npm test", "      - run: npm run lint"];

describe("less that is run, and rules that are switched off, are found", () => {
  it.each<readonly [string, readonly Change[], readonly string[]]>([
    [
      "a test script that runs nothing",
      [["package.json", scripts({ test: "vitest run" }), scripts({ test: "echo ok" })]],
      ["narrowed-run head package.json:3"],
    ],
    [
      "|| true in a script",
      [["package.json", scripts({ test: "vitest run" }), scripts({ test: "vitest run || true" })]],
      ["narrowed-run head package.json:3"],
    ],
    [
      "a script that lost a command",
      [
        [
          "package.json",
          scripts({ check: "tsc --noEmit && vitest run" }),
          scripts({ check: "vitest run" }),
        ],
      ],
      ["narrowed-run head package.json:3"],
    ],
    [
      "a lint script that is gone",
      [["package.json", scripts({ lint: "eslint .", test: "jest" }), scripts({ test: "jest" })]],
      ["narrowed-run base package.json:3"],
    ],
    [
      "a script that runs one file only",
      [
        [
          "package.json",
          scripts({ test: "vitest run" }),
          scripts({ test: "vitest run src/a.test.ts" }),
        ],
      ],
      ["narrowed-run head package.json:3"],
    ],
    [
      "a filter by name",
      [["package.json", scripts({ test: "jest" }), scripts({ test: "jest -t adds" })]],
      ["narrowed-run head package.json:3"],
    ],
    [
      "continue-on-error",
      [
        [
          ".github/workflows/ci.yml",
          workflow(...RUN_ALL),
          workflow(...RUN_ALL, "        continue-on-error: true"),
        ],
      ],
      ["narrowed-run head .github/workflows/ci.yml:8"],
    ],
    [
      "a step that is gone",
      [[".github/workflows/ci.yml", workflow(...RUN_ALL), workflow(...RUN_ALL.slice(0, 2))]],
      ["narrowed-run base .github/workflows/ci.yml:7"],
    ],
    [
      "a workflow that is gone",
      [[".github/workflows/ci.yml", workflow("      - run: npm test"), undefined]],
      ["narrowed-run base .github/workflows/ci.yml:5"],
    ],
    [
      "a step that is never run",
      [
        [
          ".github/workflows/ci.yml",
          workflow(...RUN_ALL),
          workflow(...RUN_ALL, "        if: false"),
        ],
      ],
      ["narrowed-run head .github/workflows/ci.yml:8"],
    ],
    [
      "pull requests that are not checked any more",
      [
        [
          ".github/workflows/ci.yml",
          workflow(...RUN_ALL),
          workflow(...RUN_ALL).replace(", pull_request", ""),
        ],
      ],
      ["narrowed-run base .github/workflows/ci.yml:1"],
    ],
    [
      "a lower threshold of coverage",
      [
        [
          "vitest.config.ts",
          "export default { test: { coverage: { thresholds: {\n  lines: 90,\n} } } };\n",
          "export default { test: { coverage: { thresholds: {\n  lines: 60,\n} } } };\n",
        ],
      ],
      ["narrowed-run head vitest.config.ts:2"],
    ],
    [
      "fail_under that is gone",
      [["pyproject.toml", "[tool.coverage.report]\nfail_under = 80\n", "[tool.coverage.report]\n"]],
      ["narrowed-run base pyproject.toml:2"],
    ],
    [
      "tests that Jest ignores",
      [
        [
          "jest.config.js",
          "module.exports = {};\n",
          'module.exports = {\n  testPathIgnorePatterns: ["a"],\n};\n',
        ],
      ],
      ["narrowed-run head jest.config.js:2"],
    ],
    [
      "pytest with -k",
      [["pytest.ini", "[pytest]\naddopts = -q\n", '[pytest]\naddopts = -q -k "not slow"\n']],
      ["narrowed-run head pytest.ini:2"],
    ],
    [
      "exit 0 in a script of checks",
      [["check.sh", "npm test\n", "npm test\nexit 0\n"]],
      ["narrowed-run head check.sh:2"],
    ],
    [
      "a lint rule that is off",
      [
        [
          "eslint.config.js",
          "export default [{ rules: {} }];\n",
          'export default [{ rules: {\n  "no-undef": "off",\n} }];\n',
        ],
      ],
      ["switched-off-rule head eslint.config.js:2"],
    ],
    [
      "strict that is false",
      [
        [
          "tsconfig.json",
          '{ "compilerOptions": {\n  "strict": true\n} }\n',
          '{ "compilerOptions": {\n  "strict": false\n} }\n',
        ],
      ],
      ["narrowed-run head tsconfig.json:2"],
    ],
    [
      "a rule that ruff ignores",
      [
        [
          "pyproject.toml",
          '[tool.ruff]\nignore = ["E1"]\n',
          '[tool.ruff]\nignore = ["E1", "F8"]\n',
        ],
      ],
      ["switched-off-rule head pyproject.toml:2"],
    ],
    [
      "eslint-disable",
      [["src/a.ts", "f();\n", "// eslint-disable-next-line no-undef\nf();\n"]],
      ["switched-off-rule head src/a.ts:1"],
    ],
    [
      "@ts-ignore",
      [["src/a.ts", "f();\n", "// @ts-ignore\nf();\n"]],
      ["switched-off-rule head src/a.ts:1"],
    ],
    ["noqa", [["src/a.py", "f()\n", "f()  # noqa\n"]], ["switched-off-rule head src/a.py:1"]],
    [
      "type: ignore",
      [["src/a.py", "x = f()\n", "x = f()  # type: ignore[x]\n"]],
      ["switched-off-rule head src/a.py:1"],
    ],
    [
      "#[allow]",
      [["src/a.rs", "fn f() {}\n", "#[allow(dead_code)]\nfn f() {}\n"]],
      ["switched-off-rule head src/a.rs:1"],
    ],
    [
      "nolint",
      [["a.go", "package a\n\nvar x = f()\n", "package a\n\nvar x = f() //nolint:errcheck\n"]],
      ["switched-off-rule head a.go:3"],
    ],
  ])("%s", (_name, ...[changes, told]) => {
    expect(toldOf(...changes)).toEqual(told);
  });
});
