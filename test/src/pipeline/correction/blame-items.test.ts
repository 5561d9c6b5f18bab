import { describe, expect, it } from "vitest";
import { blameItems } from "../../../../src/pipeline/correction/blame-items.ts";
import { redChecks } from "../../../../src/pipeline/correction/red-places.ts";
import type { BranchCommit } from "../../../../src/pipeline/task-state.ts";
import { sampleEvidence } from "../../../contracts/samples.ts";
import { mirrorOf, upstreamWith, write } from "../../git/sample-repository.ts";

const BASE = {
  "src/cart.ts": "one\ntwo\nthree\nfour\nfive\nsix\nseven\neight\nnine\n",
  "src/tax.ts": "one\ntwo\n",
  "test/cart.test.ts": "one\ntwo\n",
  "test/tax.test.ts": "one\ntwo\n",
  "test/all.test.ts": "one\ntwo\n",
};

/** A branch on which the items cart, tax and docs each changed a file, in this order. */
async function branch() {
  const upstream = await upstreamWith(BASE);
  const mirror = await mirrorOf(upstream);
  const commits: BranchCommit[] = [];
  const put = async (item: string, path: string, text: string) => {
    const parent = commits.at(-1)?.changeSet.commit ?? upstream.main;
    const edits = [write(path, text)];
    const changeSet = await mirror.commitEdits({ parent, edits, message: item });
    commits.push({ title: item, item, changeSet });
  };
  await put("cart", "src/cart.ts", "one\nTWO\nthree\nfour\nfive\nsix\nseven\neight\nnine\n");
  await put("tax", "src/tax.ts", "one\nTWO\n");
  await put("tests", "test/all.test.ts", "one\nTWO\n");
  const head = commits.at(-1)?.changeSet.commit ?? "";
  const blamedFor = async (...outputs: string[]) => {
    const checks = outputs.map((output) => ({ ...CHECK, output }));
    const red = await redChecks({ ...sampleEvidence, commit: head, checks }, mirror);
    return await blameItems(red, { mirror, base: upstream.main, head, commits });
  };
  return { blamedFor };
}

const CHECK = {
  name: "test",
  command: "npm test",
  exitCode: 1,
  ending: "exited",
  durationMs: 1,
  output: "",
  truncated: false,
  passed: false,
} as const;

const failedTest = (name: string, ...frames: string[]) =>
  [
    `✖ ${name} (1.2ms)`,
    "  AssertionError [ERR_ASSERTION]: 1 == 2",
    ...frames.map((frame) => `      at f (/srv/repo/${frame}:1)`),
  ].join("\n");

describe("a failing place leads to", () => {
  it.each([
    ["who touched its line last", "src/cart.ts(2,1): error TS1: No.", ["cart"]],
    ["who touched a line beside it", "src/cart.ts(4,1): error TS1: No.", ["cart"]],
    ["who changed the file", "src/cart.ts(9,1): error TS1: No.", ["cart"]],
    [
      "who changed the file that it names",
      "test/tax.test.ts:1:1: error: ./tax.ts has no x",
      ["tax"],
    ],
    [
      "the code of the stack before the test",
      failedTest("adds", "src/tax.ts:2", "test/all.test.ts:2"),
      ["tax"],
    ],
    [
      "who changed what a test is called after",
      failedTest("adds", "test/cart.test.ts:2"),
      ["cart"],
    ],
    [
      "who wrote the test, where nothing else is known",
      failedTest("adds", "test/all.test.ts:2"),
      ["tests"],
    ],
    [
      "whose files the output names, where there are no places",
      "tax.ts looks wrong\nsrc/cart.ts too",
      ["cart", "tax"],
    ],
    ["nobody, where it names nothing that was changed", "it failed\nother.ts:1:1: error: No.", []],
    ["nobody for a word that only looks like a file", "e.g. it failed", []],
  ])("%s", async (...[, output, items]) => {
    const { blamedFor } = await branch();

    expect((await blamedFor(output)).map(({ item }) => item)).toEqual(items);
  });

  it("several items, the most blamed first, each with its places", async () => {
    const { blamedFor } = await branch();

    const blamed = await blamedFor(
      "src/tax.ts(2,1): error TS1: a",
      "src/cart.ts(2,1): error TS1: b\nsrc/cart.ts(1,1): error TS2: c",
    );

    expect(blamed.map(({ item, places }) => [item, places.map(({ message }) => message)])).toEqual([
      ["cart", ["b", "c"]],
      ["tax", ["a"]],
    ]);
  });
});
