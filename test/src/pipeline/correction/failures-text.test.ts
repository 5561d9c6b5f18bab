import { describe, expect, it } from "vitest";
import type { CheckResult } from "../../../../src/core/evidence.ts";
import { failuresText } from "../../../../src/pipeline/correction/failures-text.ts";
import { sampleEvidence } from "../../../contracts/samples.ts";

function checkOf(name: string, changes: Partial<CheckResult> = {}): CheckResult {
  return {
    name,
    command: `run ${name}`,
    exitCode: 1,
    ending: "exited",
    durationMs: 1,
    output: `${name} failed`,
    truncated: false,
    passed: false,
    ...changes,
  };
}

const placeIn = (file: string) => ({ file, line: 1, message: "No.", excerpt: "", frames: [] });

describe("what is red, for the worker who is to mend it", () => {
  it("begins with the checks that lead back to it, however many others there are", () => {
    const own = placeIn("mine.ts");
    const output = "x".repeat(6_000);
    const others = Array.from({ length: 8 }, (_, at) => ({
      check: checkOf(`other${at}`, { output }),
      places: [placeIn("other.ts")],
      followers: 0,
    }));
    const red = [...others, { check: checkOf("own"), places: [own], followers: 2 }];

    const text = failuresText(red, { places: [own], weakened: [] });

    expect(text).toMatch(
      /^Check own: `run own` ended with exit code 1 \(exited\)\.\n- mine\.ts:1: No\./,
    );
    expect(text).toContain("And 2 more like these.");
    expect(text.length).toBeLessThan(25_000);
  });

  it.each([
    ["was red before, too", { passed: false }, true],
    ["was green before", { passed: true, exitCode: 0 }, false],
    ["was not run before", { command: "something else" }, false],
  ])("says of a check only what is known: it %s", (...[, changes, isSaid]) => {
    const red = [{ check: checkOf("test"), places: [], followers: 0 }];
    const baseline = { ...sampleEvidence, checks: [checkOf("test", changes)] };

    const text = failuresText(red, { places: [], weakened: [], baseline });

    expect(text.includes("It failed before anybody changed anything")).toBe(isSaid);
  });
});
