import { expect, it } from "vitest";
import type { ErrorCode } from "../../../../src/core/errors.ts";
import { createBreaker } from "../../../../src/models/router/breaker.ts";

/** A breaker on a clock that the test moves. */
function opened() {
  const time = { now: 1_000_000 };
  return { time, breaker: createBreaker({ now: () => time.now }) };
}

function fail(breaker: ReturnType<typeof createBreaker>, times: number, code: ErrorCode): void {
  for (let count = 0; count < times; count++) {
    breaker.admit("m");
    breaker.report("m", code);
  }
}

it("a model rests after five failures in a minute, and one less is not enough", () => {
  const { breaker } = opened();

  fail(breaker, 4, "model.overloaded");
  const before = breaker.admit("m");
  fail(breaker, 1, "model.timeout");

  expect(before).toEqual({ kind: "go" });
  expect(breaker.admit("m")).toEqual({ kind: "resting", code: "model.timeout", forMs: 30_000 });
  expect(breaker.admit("other")).toEqual({ kind: "go" });
});

it("failures of long ago do not count, nor those before a reply", () => {
  const { breaker, time } = opened();
  fail(breaker, 4, "model.unreachable");
  time.now += 60_001;
  fail(breaker, 4, "model.unreachable");
  const late = breaker.admit("m");
  breaker.report("m", "replied");

  fail(breaker, 4, "model.unreachable");

  expect([late, breaker.admit("m")]).toEqual([{ kind: "go" }, { kind: "go" }]);
});

it.each<ErrorCode>(["model.auth", "model.spend-limit", "model.missing"])(
  "%s is enough once",
  (code) => {
    const { breaker } = opened();

    fail(breaker, 1, code);

    expect(breaker.admit("m")).toMatchObject({ kind: "resting", code });
  },
);

it.each<ErrorCode>([
  "model.rate-limited",
  "model.refused",
  "model.bad-request",
  "model.context-too-long",
  "model.budget-exhausted",
  "aborted",
])("%s says nothing about the model", (code) => {
  const { breaker } = opened();

  fail(breaker, 50, code);

  expect(breaker.admit("m")).toEqual({ kind: "go" });
});

it("after its rest one call finds out, and a reply brings all back", () => {
  const { breaker, time } = opened();
  fail(breaker, 5, "model.overloaded");
  time.now += 30_000;

  const admitted = [breaker.admit("m"), breaker.admit("m")];
  breaker.report("m", "replied");

  expect(admitted.map(({ kind }) => kind)).toEqual(["go", "resting"]);
  expect([breaker.admit("m"), breaker.admit("m")]).toEqual([{ kind: "go" }, { kind: "go" }]);
});

it("where it fails again it rests twice as long, up to five minutes", () => {
  const { breaker, time } = opened();
  fail(breaker, 5, "model.overloaded");
  const rests: number[] = [];

  for (let round = 0; round < 5; round++) {
    time.now += 300_000;
    fail(breaker, 1, "model.overloaded");
    const admission = breaker.admit("m");
    rests.push(admission.kind === "resting" ? admission.forMs : 0);
  }

  expect(rests).toEqual([60_000, 120_000, 240_000, 300_000, 300_000]);
});

it("a call that found out nothing lets the next one try", () => {
  const { breaker, time } = opened();
  fail(breaker, 5, "model.overloaded");
  time.now += 30_000;
  breaker.admit("m");

  breaker.report("m", undefined);

  expect(breaker.admit("m")).toEqual({ kind: "go" });
});

it("calls that were under way when it began to rest do not make it rest longer", () => {
  const { breaker, time } = opened();
  fail(breaker, 5, "model.overloaded");
  time.now += 10_000;

  for (let count = 0; count < 5; count++) breaker.report("m", "model.overloaded");

  expect(breaker.admit("m")).toMatchObject({ forMs: 20_000 });
});
