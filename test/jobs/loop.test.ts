import { getEventListeners } from "node:events";
import { describe, expect, it, onTestFinished } from "vitest";
import { createBell } from "../../jobs/bell.ts";
import { pause, startLoop } from "../../jobs/loop.ts";
import { logLines } from "../world/log-lines.ts";
import { until } from "../world/until.ts";

const NEVER = new Promise<void>(() => undefined);

function start(round: (signal: AbortSignal) => Promise<void>, pauseMs: number) {
  const { log, lines } = logLines();
  const loop = startLoop({ name: "test", pauseMs, log, round });
  onTestFinished(() => loop[Symbol.asyncDispose]());
  return { loop, lines };
}

/** Counts rounds; the first of them fail. */
function rounds(failing = 0) {
  const at: number[] = [];
  const round = async () => {
    at.push(performance.now());
    if (at.length <= failing) throw new Error("no answer");
  };
  return { at, round };
}

describe("a loop", () => {
  it("runs its round at once, and again after each pause", async () => {
    const { at, round } = rounds();
    start(round, 20);

    await until(() => at.length >= 3, { what: "three rounds" });
    const [first = 0, second = 0, third = 0] = at;

    expect(second - first).toBeGreaterThanOrEqual(18);
    expect(third - second).toBeGreaterThanOrEqual(18);
  });

  it("runs the next round now when woken", async () => {
    const { at, round } = rounds();
    const { loop } = start(round, 60_000);
    await until(() => at.length === 1, { what: "the first round" });

    loop.wake();

    await until(() => at.length === 2, { what: "the second round", timeoutMs: 20_000 });
  });

  it("forgets no call that comes during a round", async () => {
    const first = Promise.withResolvers<void>();
    let count = 0;
    const { loop } = start(() => (++count === 1 ? first.promise : Promise.resolve()), 60_000);

    loop.wake();
    loop.wake();
    first.resolve();

    await until(() => count === 2, { what: "the second round", timeoutMs: 20_000 });
  });

  it("goes on after a failure, at growing distance, and says why", async () => {
    const { at, round } = rounds(2);
    const { lines } = start(round, 300);

    await until(() => at.length >= 4, { what: "four rounds" });
    const gaps = at.slice(1).map((time, index) => time - (at[index] ?? 0));

    expect(gaps[0]).toBeGreaterThanOrEqual(590);
    expect(gaps[1]).toBeGreaterThanOrEqual(1_190);
    expect(gaps[2]).toBeLessThan(1_190);
    expect(lines.map((line) => JSON.parse(line).failures)).toEqual([1, 2]);
    expect(lines[0]).toContain("no answer");
  });

  it("ends after the round under way, which is told to stop", async () => {
    let stopped = false;
    let count = 0;
    const { loop } = start(async (signal) => {
      count += 1;
      await pause(60_000, NEVER, signal);
      stopped = signal.aborted;
    }, 1);
    await until(() => count === 1, { what: "the first round" });

    await loop[Symbol.asyncDispose]();

    expect([stopped, count]).toEqual([true, 1]);
  });

  it("ends during its pause without waiting for the rest of it", async () => {
    const { at, round } = rounds();
    const { loop } = start(round, 60_000);
    await until(() => at.length === 1, { what: "the first round" });

    await loop[Symbol.asyncDispose]();

    expect(at).toHaveLength(1);
  });

  it("a round that fails because it was stopped is no failure", async () => {
    const { loop, lines } = start(async (signal) => {
      await pause(60_000, NEVER, signal);
      signal.throwIfAborted();
    }, 1);

    await loop[Symbol.asyncDispose]();

    expect(lines).toEqual([]);
  });
});

describe("a pause", () => {
  it("ends at once when it was stopped before", async () => {
    await pause(60_000, NEVER, AbortSignal.abort());
  });

  it("leaves nothing behind at a signal that lives longer", async () => {
    const { signal } = new AbortController();

    await pause(0, NEVER, signal);
    await pause(60_000, Promise.resolve(), signal);

    expect(getEventListeners(signal, "abort")).toEqual([]);
  });
});

describe("a bell", () => {
  it("wakes everybody who waits, and nobody who comes later", async () => {
    const bell = createBell();
    const woken: string[] = [];
    const wait = async (name: string) => {
      await bell.next();
      woken.push(name);
    };

    const early = [wait("a"), wait("b")];
    bell.ring();
    await Promise.all(early);
    const late = wait("c");
    await new Promise((resolve) => setImmediate(resolve));
    expect(woken).toEqual(["a", "b"]);
    bell.ring();
    await late;

    expect(woken).toEqual(["a", "b", "c"]);
  });
});
