import { expect, it } from "vitest";
import { readOptions } from "../../../src/triggers/options.ts";

const NONE = { dryRun: false, hold: false };
const DRY = { dryRun: true, hold: false };
const HOLD = { dryRun: false, hold: true };

it.each([
  ["fix the tests", "fix the tests", NONE],
  ["--dry-run fix the tests", "fix the tests", DRY],
  ["fix the tests --dry-run", "fix the tests", DRY],
  ["fix the tests --hold --dry-run", "fix the tests", { dryRun: true, hold: true }],
  ["--hold fix\nand --dry-run later", "fix\nand --dry-run later", HOLD],
  ["--Dry_Run fix", "fix", DRY],
  ["--dryrun fix", "fix", DRY],
  ["--dry-rnu fix", "fix", DRY],
  ["--dry-ru fix", "fix", DRY],
  ["\u2014dry-run fix", "fix", DRY],
  ["fix \u2013hold", "fix", HOLD],
  ["make the CLI accept --fold", "make the CLI accept --fold", NONE],
  ["remove --old", "remove --old", NONE],
  ["--holld fix", "--holld fix", NONE],
  ["--dry-run", "", DRY],
  ["explain what --dry-run does", "explain what --dry-run does", NONE],
  ["fix `--hold`", "fix `--hold`", NONE],
  ["add a --bold flag", "add a --bold flag", NONE],
  ["make npm test --silent", "make npm test --silent", NONE],
  ["fix it--hold", "fix it--hold", NONE],
  ["--model x fix", "--model x fix", NONE],
])("%j is %j", (request, words, options) => {
  expect(readOptions(request)).toEqual({ words, options });
});
