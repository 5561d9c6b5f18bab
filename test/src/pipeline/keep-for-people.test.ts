import { describe, expect, it } from "vitest";
import { NexusError } from "../../../src/core/errors.ts";
import type { CheckResult } from "../../../src/core/evidence.ts";
import { keepForPeople } from "../../../src/pipeline/keep-for-people.ts";

const GREEN = { passed: true } as CheckResult;
const RED = { passed: false } as CheckResult;

/** Tells of these checks in turn; the number of each one whose session was held, and why. */
async function kept(results: readonly CheckResult[], how: { asked: boolean; mayBeLast: boolean }) {
  const keeper = keepForPeople({ checks: results.length, ...how });
  const held: [number, string][] = [];
  for (const [at, result] of results.entries()) {
    const hold = async (why: string) => {
      held.push([at, why]);
      return "later";
    };
    await keeper.afterCheck(result, { hold });
  }
  return { held, until: keeper.until() };
}

describe("a session is kept for people", () => {
  it.each([
    ["asked for, all green", [GREEN, GREEN], true, false, [[1, "asked for by --hold"]]],
    ["not asked for, all green", [GREEN, GREEN], false, true, []],
    ["asked for, red where the architect comes next", [RED, GREEN], true, false, []],
    ["red where the architect comes next", [GREEN, RED], false, false, []],
    ["red after workers", [GREEN, RED, RED], false, true, [[1, "verification failed"]]],
    ["asked for, red after workers", [RED, GREEN], true, true, [[0, "verification failed"]]],
    ["no checks", [], true, true, []],
  ] as const)("where it was %s", async (...[, results, asked, mayBeLast, expected]) => {
    const { held, until } = await kept(results, { asked, mayBeLast });

    expect(held).toEqual(expected);
    expect(until).toBe(expected.length > 0 ? "later" : undefined);
  });
});

describe("a session that cannot be kept", () => {
  const hold = () => Promise.reject(new NexusError("sandbox.killed", "It has ended."));

  it("takes nothing from a red check", async () => {
    const keeper = keepForPeople({ checks: 1, asked: false, mayBeLast: true });

    await keeper.afterCheck(RED, { hold });

    expect(keeper.until()).toBeUndefined();
  });

  it("is an error where it was asked for", async () => {
    const keeper = keepForPeople({ checks: 1, asked: true, mayBeLast: false });

    await expect(keeper.afterCheck(GREEN, { hold })).rejects.toMatchObject({
      code: "sandbox.killed",
    });
  });
});
