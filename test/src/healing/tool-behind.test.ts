import { describe, expect, it } from "vitest";
import { toolBehind } from "../../../src/healing/tool-behind.ts";

const SCRIPTS = new Map([
  ["lint", "eslint . --max-warnings 0"],
  ["format:check", "npm run format -- --check"],
  ["format", "prettier ."],
  ["test", "vitest run"],
  ["all", "npm run lint && pnpm format:check && yarn test"],
  ["loop", "npm run loop"],
  ["bomb", "npm run bomb2; npm run bomb2; npm run bomb2; npm run bomb2; npm run bomb2"],
  ["bomb2", "npm run bomb3; npm run bomb3; npm run bomb3; npm run bomb3; npm run bomb3"],
  ["bomb3", "true; true; true; true; true; true; true"],
  ["empty", ""],
  ["tower", "npm run tower1;".repeat(1_000)],
  ["tower1", "npm run tower2;".repeat(1_000)],
  ["tower2", "npm run empty;".repeat(1_000)],
  ["piped", "eslint . | tee log"],
  ["constructor", "eslint ."],
]);
const P = 'PATH="$PWD/node_modules/.bin:$PATH"';

describe("the program behind a check is found", () => {
  const found: readonly (readonly [string, string, readonly string[]])[] = [
    ["eslint .", "eslint", ["eslint ."]],
    ["npx eslint .", "eslint", ["npx eslint ."]],
    ["npx --no-install eslint@9 .", "eslint", ["npx --no-install eslint@9 ."]],
    ["npx @biomejs/biome@2 ci", "@biomejs/biome", ["npx @biomejs/biome@2 ci"]],
    ["npm exec -- eslint .", "eslint", ["npm exec -- eslint ."]],
    ["pnpm exec eslint .", "eslint", ["pnpm exec eslint ."]],
    ["pnpm eslint .", "eslint", ["pnpm eslint ."]],
    ["yarn eslint .", "eslint", ["yarn eslint ."]],
    ["./node_modules/.bin/eslint .", "eslint", ["./node_modules/.bin/eslint ."]],
    ["npm run lint", "eslint", [`${P} eslint . --max-warnings 0`]],
    ["npm run -s lint", "eslint", [`${P} eslint . --max-warnings 0`]],
    ["npm run lint --silent", "eslint", [`${P} eslint . --max-warnings 0`]],
    ["npm run lint -- src 'a b'", "eslint", [`${P} eslint . --max-warnings 0 src 'a b'`]],
    ["CI=1 npm run lint", "eslint", [`${P} CI=1 eslint . --max-warnings 0`]],
    ["npm test", "vitest", [`${P} vitest run`]],
    ["pnpm lint --fix-dry-run", "eslint", [`${P} eslint . --max-warnings 0 --fix-dry-run`]],
    ["pnpm run lint", "eslint", [`${P} eslint . --max-warnings 0`]],
    ["yarn lint", "eslint", [`${P} eslint . --max-warnings 0`]],
    ["bun run lint", "eslint", [`${P} eslint . --max-warnings 0`]],
    ["bun test", "bun", ["bun test"]],
    ["npm run format:check", "prettier", [`${P} prettier . --check`]],
    ["npm run constructor", "eslint", [`${P} eslint .`]],
  ];

  it.each(found)("%j", (command, tool, commands) => {
    expect(toolBehind({ name: "x", command }, SCRIPTS)).toEqual({ tool, commands });
  });

  it("among several, each with its command", () => {
    expect(toolBehind({ name: "all", command: "npm run all" }, SCRIPTS)).toEqual({
      tool: undefined,
      commands: [`${P} eslint . --max-warnings 0`, `${P} prettier . --check`, `${P} vitest run`],
    });
  });
});

describe("the program behind a check is not guessed", () => {
  const nothing = [
    "npm run loop",
    "npm run bomb",
    "npm run tower",
    "npm run piped",
    "cd a && npm run lint",
    "",
  ];

  it.each(nothing)("%j", (command) => {
    expect(toolBehind({ name: "x", command }, SCRIPTS)).toEqual({ tool: undefined, commands: [] });
  });

  const npmItself = [
    "npm run lint -w packages/a",
    "npm run missing",
    "npm run toString",
    "npm --prefix a run lint",
    "npm lint",
  ];

  it.each(npmItself)("%j", (command) => {
    expect(toolBehind({ name: "x", command }, SCRIPTS)).toEqual({
      tool: "npm",
      commands: [command],
    });
  });
});
