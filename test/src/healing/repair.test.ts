import { describe, expect, it } from "vitest";
import type { Evidence } from "../../../src/core/evidence.ts";
import { failuresIn } from "../../../src/healing/failures.ts";
import { FIXERS } from "../../../src/healing/fixers/fixers.ts";
import { repairsFor } from "../../../src/healing/repair.ts";

const P = 'PATH="$PWD/node_modules/.bin:$PATH"';

function red(...commands: readonly string[]): Evidence {
  const checks = commands.map((command, index) => ({
    name: `check-${index}`,
    command,
    passed: false,
    exitCode: 1,
    ending: "exited" as const,
    durationMs: 1,
    output: "red\n",
    truncated: false,
  }));
  return { base: "b", commit: "c", tree: "t", image: "i", checks, passed: false };
}

function repairs(evidence: Evidence, scripts: Record<string, string> = {}) {
  const found = repairsFor(failuresIn(evidence, JSON.stringify({ scripts })), FIXERS);
  return found.map(({ fixer, command }) => [fixer.name, command]);
}

describe("a failing check is repaired by its own tool", () => {
  const known: readonly (readonly [string, string, string])[] = [
    ["prettier --check .", "prettier", "prettier --write ."],
    [
      "prettier -c 'src/**/*.ts' --log-level warn",
      "prettier",
      "prettier --write 'src/**/*.ts' --log-level warn",
    ],
    ["npx prettier@3 . -l", "prettier", "npx prettier@3 --write ."],
    ["prettier --list-different --check .", "prettier", "prettier --write ."],
    ["eslint", "eslint", "eslint --fix"],
    ["npx eslint . --max-warnings=0", "eslint", "npx eslint --fix . --max-warnings=0"],
    ["eslint -o report.json --cache -f json src", "eslint", "eslint --fix -f json src"],
    ["biome check", "biome", "biome check --write"],
    [
      "biome ci ./src --error-on-warnings",
      "biome",
      "biome check --write ./src --error-on-warnings",
    ],
    ["npx @biomejs/biome lint --unsafe .", "biome", "npx @biomejs/biome lint --write ."],
    ["biome --colors=off format .", "biome", "biome --colors=off format --write ."],
  ];

  it.each(known)("%j", (command, fixer, repair) => {
    expect(repairs(red(command))).toEqual([[fixer, repair]]);
  });

  it("through the package's scripts", () => {
    const scripts = { "format:check": "prettier --check .", lint: "eslint src" };

    expect(repairs(red("npm run format:check", "npm run lint"), scripts)).toEqual([
      ["eslint", `${P} eslint --fix src`],
      ["prettier", `${P} prettier --write .`],
    ]);
  });

  it("of a compound check only in its own part", () => {
    const scripts = { ci: "tsc --noEmit && eslint . && prettier --check a && prettier --check b" };

    expect(repairs(red("npm run ci"), scripts)).toEqual([
      ["eslint", `${P} eslint --fix .`],
      ["prettier", `${P} prettier --write a; ${P} prettier --write b`],
    ]);
  });

  it("once, however many checks ask for it", () => {
    expect(repairs(red("eslint .", "eslint . && tsc"))).toEqual([["eslint", "eslint --fix ."]]);
  });
});

describe("nothing is repaired", () => {
  const others = [
    "npm test",
    "tsc --noEmit",
    "prettier .",
    "prettier --write .",
    "prettier --check . --write",
    "echo prettier --check .",
    "node prettier --check .",
    "prettier-check .",
    "eslint --fix .",
    "eslint --fix=true .",
    "eslint --print-config a.js",
    "eslint_d .",
    "biome",
    "biome start",
    "biome check --write",
    "biome migrate check",
    "prettier --check . | grep x",
    "cd a && prettier --check .",
    "eslint $(git diff --name-only)",
    "",
  ];

  it.each(others)("by %j", (command) => {
    expect(repairs(red(command))).toEqual([]);
  });

  it("where every check is green", () => {
    const green = red("eslint .");
    const checks = green.checks.map((check) => ({ ...check, passed: true, exitCode: 0 }));

    expect(repairs({ ...green, checks })).toEqual([]);
  });

  it("where package.json is broken", () => {
    expect(failuresIn(red("npm run lint"), "{")).toEqual([
      {
        check: { name: "check-0", command: "npm run lint" },
        tool: "npm",
        commands: ["npm run lint"],
        output: "red\n",
      },
    ]);
  });
});
