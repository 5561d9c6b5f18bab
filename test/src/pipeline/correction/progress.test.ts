import { describe, expect, it } from "vitest";
import type { CheckResult, Evidence } from "../../../../src/core/evidence.ts";
import type { Outcome } from "../../../../src/core/outcome.ts";
import { compareRed, withTried } from "../../../../src/pipeline/correction/progress.ts";
import { sampleEvidence } from "../../../contracts/samples.ts";

/** Red checks, each with how many tests its report says have failed, and checks that passed. */
function red(...failed: readonly (number | "passed" | undefined)[]): Evidence {
  const checks: CheckResult[] = failed.map((count, at) => ({
    name: `check ${at}`,
    command: "x",
    exitCode: count === "passed" ? 0 : 1,
    ending: "exited",
    durationMs: 1,
    output: "",
    truncated: false,
    passed: count === "passed",
    ...(typeof count === "number" && {
      tests: { format: "tap", passed: 1, failed: count, skipped: 0 },
    }),
  }));
  return { ...sampleEvidence, checks, passed: false };
}

describe("what is red", () => {
  it.each([
    ["more checks are more", red(1, 1), red(9, "passed"), 1],
    ["fewer checks are less, whatever their tests say", red(9, "passed"), red(1, 1), -1],
    ["a check that is not run any more is not one less", red(undefined), red(undefined, 1), 0],
    ["nor are its failing tests", red(2), red(2, 2), 0],
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

  it.each<Outcome>([
    { kind: "held", evidence: sampleEvidence, until: "2030-01-01T00:00:00.000Z" },
    {
      kind: "budget-exhausted",
      cap: "task",
      limit: 1,
      settled: 1,
      reserved: 0,
      reason: "No room.",
    },
  ])("is not alone in telling it: $kind does, too", (other) => {
    const attempts = [{ ...attempt, blamed: [], models: [], files: [], redBefore: ["x"] }];

    expect(withTried(other, { attempts })).toMatchObject({ tried: [{ number: 1 }] });
  });

  it("tells of nothing where nothing was tried", () => {
    expect(withTried(outcome, { attempts: undefined })).toEqual(outcome);
    expect(withTried(outcome, { attempts: [] })).toEqual(outcome);
  });
});
