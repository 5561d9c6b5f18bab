import { describe, expect, it } from "vitest";
import { readRequest } from "../../../src/triggers/request.ts";

const NONE = { dryRun: false, hold: false };

describe("a request", () => {
  it.each([
    ["add dates", undefined, "add dates"],
    ["plan add dates", "plan", "add dates"],
    ["Plan: add dates", "plan", "add dates"],
    ["plan\nadd dates\nin two formats", "plan", "add dates\nin two formats"],
    ["plan", "plan", ""],
    ["plan.", "plan", ""],
    ["APPROVE", "approve", ""],
    ["approve!", "approve", ""],
    ["approve, but without docs", "approve", "but without docs"],
    ["approve\nwithout docs", "approve", "without docs"],
    ["plan approve", "plan", "approve"],
    ["approve plan", "approve", "plan"],
    ["plans are broken", undefined, "plans are broken"],
    ["planning", undefined, "planning"],
    ["plan-b is broken", undefined, "plan-b is broken"],
    ["plan.md is wrong", undefined, "plan.md is wrong"],
    ["improve it", undefined, "improve it"],
    ["please plan it", undefined, "please plan it"],
    ["", undefined, ""],
  ])("%j is read as the verb %s and the words %j", (command, verb, words) => {
    expect(readRequest(command)).toEqual({ verb, words, options: NONE });
  });

  it.each(["approved", "aprove", "approev", "Approves"])(
    "that begins with %j is neither an approval nor work",
    (word) => {
      const read = readRequest(`${word} without docs`);

      expect(read).toMatchObject({
        verb: "approve",
        slip: word.toLowerCase(),
        words: "without docs",
      });
    },
  );

  it.each([
    ["--dry-run plan add dates"],
    ["plan --dry-run add dates"],
    ["plan add dates --dry-run"],
  ])("%j keeps its options wherever they stand", (command) => {
    expect(readRequest(command)).toEqual({
      verb: "plan",
      words: "add dates",
      options: { dryRun: true, hold: false },
    });
  });

  it("takes the lowest of the budgets before and behind the verb", () => {
    const { options } = readRequest("--budget 3 approve --budget 2 without a");

    expect(options).toEqual({ dryRun: false, hold: false, budget: 2_000_000 });
  });

  it("names a budget that is no amount, on either side of the verb", () => {
    expect(readRequest("approve --budget lots").options.misread).toBe("lots");
    expect(readRequest("--budget lots approve").options.misread).toBe("lots");
  });
});
