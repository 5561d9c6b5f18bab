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

const DOLLARS = 1_000_000;

it.each([
  ["--budget 2.50 fix the tests", "fix the tests", 2.5],
  ["--budget=2.50 fix the tests", "fix the tests", 2.5],
  ["--budget: $2.50 fix", "fix", 2.5],
  ["\u2014budget 3 fix", "fix", 3],
  ["--Budget 3 fix", "fix", 3],
  ["fix the tests --budget 0.5", "fix the tests", 0.5],
  ["fix the tests --budget=0.5", "fix the tests", 0.5],
  ["--budget 3", "", 3],
  ["--budget 3 fix --budget 2", "fix", 2],
  ["--budgt 3 fix", "fix", 3],
  ["fix --bugdet 3", "fix", 3],
  ["--budget 3 fix\nwith --budget 1", "fix\nwith --budget 1", 3],
])("%j may cost so much", (request, words, budget) => {
  expect(readOptions(request)).toEqual({ words, options: { ...NONE, budget: budget * DOLLARS } });
});

it.each([
  ["--budget fix the tests", "the tests", "fix"],
  ["--budget two dollars fix", "dollars fix", "two"],
  ["--budget 0 fix", "fix", "0"],
  ["--budget -1 fix", "fix", "-1"],
  ["--budget 2,50 fix", "fix", "2,50"],
  ["--budget=1e9 fix", "fix", "1e9"],
  ["--budget=none fix", "fix", "none"],
  ["fix --budget", "fix", ""],
  ["--budget", "", ""],
  ["fix --budget much", "fix", "much"],
  [`--budget ${"9".repeat(100)} fix`, "fix", "9".repeat(40)],
])("%j names no amount", (request, words, misread) => {
  expect(readOptions(request)).toEqual({ words, options: { ...NONE, misread } });
});

it.each([
  "make the budgets --budgets 3 page",
  "explain what --budget 2 does",
  "--gadget fix",
  "--budgt fix",
  "fix the budget 3",
  "plan a low--budget 3",
])("%j asks for no budget", (request) => {
  expect(readOptions(request)).toEqual({ words: request, options: NONE });
});

it("options stand beside each other in any order", () => {
  expect(readOptions("--hold --budget 2 fix it --dry-run")).toEqual({
    words: "fix it",
    options: { dryRun: true, hold: true, budget: 2 * DOLLARS },
  });
  expect(readOptions("--budget 2 --hold fix it --budget x")).toEqual({
    words: "fix it",
    options: { ...HOLD, budget: 2 * DOLLARS, misread: "x" },
  });
});

it("a hostile line takes no time", () => {
  const begun = performance.now();
  readOptions(`${"--budget ".repeat(10_000)}x`);
  readOptions(`fix ${" --x".repeat(20_000)}`);
  readOptions(`fix ${"-".repeat(80_000)} ${"\t ".repeat(20_000)}`);

  expect(performance.now() - begun).toBeLessThan(30_000);
});
