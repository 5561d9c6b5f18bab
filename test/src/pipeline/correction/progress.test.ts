import { describe, expect, it } from "vitest";
import type { CheckResult, Evidence } from "../../../../src/core/evidence.ts";
import { compareRed, withTried } from "../../../../src/pipeline/correction/progress.ts";
import { sampleEvidence } from "../../../contracts/samples.ts";

/** Red checks, each with how many tests its report says have failed. */
function red(...failed: readonly (number | undefined)[]): Evidence {
  const checks: CheckResult[] = failed.map((count, at) => ({
    name: `check ${at}`,
    command: "x",
    exitCode: 1,
    ending: "exited",
    durationMs: 1,
    output: "",
    truncated: false,
    passed: false,
    ...(count !== undefined && {
      tests: { format: "tap", passed: 1, failed: count, skipped: 0 },
    }),
  }));
  return { ...sampleEvidence, checks, passed: false };
}

describe("what is red", () => {
  it.each([
    ["more checks are more", red(1, 1), red(9), 1],
    ["fewer checks are less, whatever their tests say", red(9), red(1, 1), -1],
    ["more failing tests are more", red(3), red(2), 1],
    ["fewer failing tests are less", red(1, 1), red(2, 2), -2],
    ["checks that count nothing are the same", red(undefined), red(undefined), 0],
    ["tests that only one of them counts decide nothing", red(5), red(undefined), 0],
    ["tests that not every red check counts decide nothing", red(5, undefined), red(1, 1), 0],
  ])("is compared: %s", (...[, now, before, difference]) => {
    expect(compareRed(now, before)).toBe(difference);
  });
});

describe("an outcome of red checks", () => {
  const attempt = {
    number: 1,
    kind: "continued",
    blamed: [],
    models: [],
    files: [],
    ending: "kept",
    commit: sampleEvidence.commit,
    redBefore: ["x"],
  } as const;
  const outcome = { kind: "checks-failed", evidence: red(1), corrections: 1 } as const;

  it("tells what was tried, and what was red after it where that was run", () => {
    const attempts = [{ ...attempt, commit: "another" }, attempt].map((one) => ({
      ...one,
      blamed: [],
      models: [],
      files: [],
      redBefore: ["x"],
    }));

    const told = withTried(outcome, { attempts });

    expect(told).toMatchObject({ tried: [{ commit: "another" }, { redAfter: ["check 0"] }] });
    expect(told).not.toMatchObject({ tried: [{ redAfter: expect.anything() }, {}] });
  });

  it("tells of nothing where nothing was tried", () => {
    expect(withTried(outcome, { attempts: undefined })).toEqual(outcome);
    expect(withTried(outcome, { attempts: [] })).toEqual(outcome);
  });
});
