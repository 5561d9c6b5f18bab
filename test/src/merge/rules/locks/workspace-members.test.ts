import { expect, it } from "vitest";
import {
  hasMember,
  type WORKSPACE_FILES,
} from "../../../../../src/merge/rules/locks/workspace-members.ts";

it.each<[(typeof WORKSPACE_FILES)[number], string, string, boolean]>([
  ["package.json", '{"workspaces": ["parts/*"]}', "parts/a", true],
  ["package.json", '{"workspaces": {"packages": ["./parts/*"]}}', "parts/a", true],
  ["package.json", '{"workspaces": ["*"]}', "a", true],
  ["package.json", '{"workspaces": ["parts/*"]}', "docs", false],
  ["package.json", '{"files": ["docs"]}', "docs", false],
  ["pnpm-workspace.yaml", "packages:\n  - 'parts/**'\n", "parts/a/b", true],
  ["pnpm-workspace.yaml", "packages:\n  - parts/**\n", "docs", false],
  ["Cargo.toml", '[workspace]\nmembers = ["a"]\n', "b", true],
  ["Cargo.toml", '[package]\nname = "workspace"\n', "b", false],
  ["pyproject.toml", "[tool.uv.workspace]\n", "b", true],
  ["pyproject.toml", "[tool.uv]\n", "b", false],
])("%s with %j has %s as a part: %s", (...[name, text, below, expected]) => {
  expect(hasMember(name, text, below)).toBe(expected);
});
