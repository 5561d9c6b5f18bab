import { describe, expect, it } from "vitest";
import type { CheckResult, Evidence } from "../../../src/core/evidence.ts";
import type { MergeStage } from "../../../src/core/merge.ts";
import { isRedAsBefore } from "../../../src/pipeline/red-before.ts";
import { sampleEvidence } from "../../contracts/samples.ts";

const RED: CheckResult = {
  name: "test",
  command: "npm test",
  exitCode: 1,
  ending: "exited",
  durationMs: 5,
  output: "1 failed: a\nin 12.5 s at 2026-01-02T03:04:05Z\n",
  truncated: false,
  passed: false,
};
const GREEN: CheckResult = { ...RED, name: "lint", exitCode: 0, passed: true, output: "" };
const of = (...checks: readonly CheckResult[]): Evidence => {
  const { merge: _, ...rest } = sampleEvidence;
  return { ...rest, checks: [...checks], passed: checks.every(({ passed }) => passed) };
};

describe("a merge changed nothing of what fails", () => {
  it("where the same check failed before to the word, but for times", () => {
    const later = {
      ...RED,
      durationMs: 9,
      output: RED.output.replace("12.5 s at 2026", "1 s at 2027"),
    };

    expect(isRedAsBefore(of(GREEN, later), of(RED))).toBe(true);
  });

  it("which is believed only where every place was settled by proof", () => {
    const settled = (stage: MergeStage): Evidence => {
      const hunk = { stage, line: 1, why: "both", confidence: "proposed" } as const;
      return { ...of(RED), merge: [{ path: "a", kind: "merged", hunks: [hunk] }] };
    };

    expect(isRedAsBefore(settled("lines"), of(RED))).toBe(true);
    for (const stage of ["model", "remembered", "regenerated", "git"] as const) {
      expect(isRedAsBefore(settled(stage), of(RED))).toBe(false);
    }
  });
});

it.each([
  ["it was not run before", of()],
  ["it was green before", of({ ...RED, passed: true, exitCode: 0 })],
  ["another command of that name failed before", of({ ...RED, command: "npm run other" })],
  ["it failed with another code before", of({ ...RED, exitCode: 2 })],
  ["it failed with other words before", of({ ...RED, output: "1 failed: b\n" })],
  ["fewer failed before", of({ ...RED, output: RED.output.replace("1 failed", "0 failed") })],
  ["it was stopped before", of({ ...RED, ending: "timeout" })],
  ["nobody knows all that it said before", of({ ...RED, truncated: true })],
  ["nothing was run before", undefined],
])("what fails is the merge's where %s", (_name, before) => {
  expect(isRedAsBefore(of(RED), before)).toBe(false);
});
