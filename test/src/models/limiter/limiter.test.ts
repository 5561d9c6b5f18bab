import { setTimeout as delay } from "node:timers/promises";
import { expect, it } from "vitest";
import type { LimitRule } from "../../../../src/models/limiter/desk.ts";
import { createLimiter } from "../../../../src/models/limiter/limiter.ts";
import { createLocalDesk } from "../../../../src/models/limiter/local-desk.ts";

const ONE: LimitRule = { name: "vendor", rate: undefined, concurrency: 1 };
const never = new AbortController().signal;

/** A limiter whose time passes only while somebody waits. */
function opened() {
  let now = 1_000_000;
  const desk = createLocalDesk(() => now);
  const wait = async (ms: number, signal: AbortSignal) => {
    now += ms;
    await delay(0, undefined, { signal });
  };
  return createLimiter({ desk, now: () => now, wait });
}

it("a place is free for the next one once it is given back, and giving it back twice is once", async () => {
  const limiter = opened();
  const first = await limiter.acquire(ONE, { signal: never, maxWaitMs: 0 });
  await first.release({ kind: "done" });
  await first.release({ kind: "done" });

  const second = await limiter.acquire(ONE, { signal: never, maxWaitMs: 0 });
  const third = limiter.acquire(ONE, { signal: never, maxWaitMs: 1_000 });

  expect(second.waitedMs).toBe(0);
  await expect(third).rejects.toMatchObject({ code: "model.rate-limited" });
});

it("who would wait for too long is told at once, with how long it would take", async () => {
  const slow: LimitRule = { ...ONE, rate: { count: 1, windowMs: 60_000 } };
  const limiter = opened();

  const asked = limiter.acquire(slow, { signal: never, maxWaitMs: 5_000 });

  await expect(asked).rejects.toMatchObject({
    code: "model.rate-limited",
    retryable: true,
    retryAfterMs: 60_100,
    message: "Too many calls wait for vendor.",
  });
});

it("nobody waits for longer than is allowed, also where the end is not known", async () => {
  const limiter = opened();
  await limiter.acquire(ONE, { signal: never, maxWaitMs: 0 });

  const asked = limiter.acquire(ONE, { signal: never, maxWaitMs: 3_000 });

  await expect(asked).rejects.toMatchObject({ code: "model.rate-limited" });
});

it("who stops waiting leaves the line", async () => {
  const limiter = opened();
  const held = await limiter.acquire(ONE, { signal: never, maxWaitMs: 0 });
  const stopping = new AbortController();
  const waiting = limiter.acquire(ONE, { signal: stopping.signal, maxWaitMs: 1e9 });
  await delay(5);
  stopping.abort();
  await expect(waiting).rejects.toMatchObject({ code: "aborted" });

  await held.release({ kind: "done" });

  await limiter.acquire(ONE, { signal: never, maxWaitMs: 0 });
});
