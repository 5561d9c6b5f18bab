import { describe, expect, it } from "vitest";
import { processTask } from "../../jobs/process-task.ts";
import { NexusError } from "../../src/core/errors.ts";
import { logLines } from "../world/log-lines.ts";
import { GREEN, LEASE_MS, state, world } from "./processing-world.ts";

describe("trouble that may be gone at the next try", () => {
  const outage = new NexusError("github.unreachable", "GitHub, canary, is down", {
    retryable: true,
  });

  it("a bug leaves the lease to run out, and is remembered", async () => {
    const { process, tasks, expire, found, events, wanted } = await world({
      run: () => Promise.reject(new TypeError("x is not a function")),
    });
    const reason = "unexpected error";

    await process("t");

    expect(await found()).toMatchObject({ state: "running", outcome: undefined });
    expect(await tasks.runnable(10)).toEqual([]);
    expire();
    expect(await tasks.runnable(10)).toEqual([{ taskId: "t", epoch: 1 }]);
    expect(await events.latest("t", "interrupted")).toMatchObject({ reason });
    expect(wanted()).toEqual([]);
  });

  it("an outage hands the task back for a while that grows, and counts as no crash", async () => {
    const { process, tasks, pass, found, events, leases } = await world({
      run: () => Promise.reject(outage),
    });
    const reason = "github.unreachable: GitHub, [secret], is down";

    for (const seconds of [1, 2, 4, 8, 16]) {
      await process("t");
      pass(seconds * 1_000 - 500);
      expect(await tasks.runnable(10)).toEqual([]);
      pass(500);
      expect(await tasks.runnable(10)).toHaveLength(1);
    }

    expect(leases).toHaveLength(5);
    expect(await found()).toMatchObject({ state: "waiting", crashes: 0, outcome: undefined });
    expect(await events.latest("t", "interrupted")).toMatchObject({ reason });
  });

  it.each([
    ["as long as GitHub asks for", 90_000, 90_000],
    ["a second at least", 0, 1_000],
    ["an hour at most, whatever is asked for", 1e12, 3_600_000],
  ])("waits %s", async (_name, retryAfterMs, delayMs) => {
    const asked = { retryable: true, retryAfterMs };
    const { process, tasks, pass } = await world({
      run: () => Promise.reject(new NexusError("github.rate-limited", "slow down", asked)),
    });

    await process("t");

    pass(delayMs - 900);
    expect(await tasks.runnable(10)).toEqual([]);
    pass(900);
    expect(await tasks.runnable(10)).toHaveLength(1);
  });

  it("that goes on for a day ends the task with the last reason", async () => {
    const { process, pass, found, wanted } = await world({ run: () => Promise.reject(outage) });

    await process("t");
    pass(24 * 3_600_000 - 60_000);
    await process("t");
    expect(await found()).toMatchObject({ state: "waiting" });
    pass(120_000);
    await process("t");

    expect((await found())?.outcome).toEqual({
      kind: "failed",
      code: "github.unreachable",
      reason: "Tried again for 24 hours. The last time: GitHub, [secret], is down",
    });
    expect(JSON.stringify(wanted())).toContain("GitHub, [secret], is down");
  });

  it("of the store itself is written down as soon as the store is back", async () => {
    const gone = new NexusError("store.unavailable", "gone", { retryable: true });
    const { tasks, found, ...rest } = await world();
    const { log } = logLines();
    let down = true;
    const process = processTask({
      ...rest,
      tasks: {
        ...tasks,
        postpone: async (...postponed) => {
          const wasDown = down;
          down = false;
          if (wasDown) throw gone;
          await tasks.postpone(...postponed);
        },
      },
      worker: "w",
      leaseMs: LEASE_MS,
      taskTimeoutMs: LEASE_MS,
      redact: (text) => text,
      shutdown: rest.shutdown.signal,
      log,
      known: async () => ({}),
      forget: async () => undefined,
      run: () => Promise.reject(gone),
    });

    await process("t");

    expect(await found()).toMatchObject({ state: "waiting", crashes: 0 });
  });

  it("three times by a bug puts the task aside, with the last reason, and never runs it again", async () => {
    const { process, expire, found, wanted, leases } = await world({
      run: () => Promise.reject(new TypeError("canary is not a function")),
    });

    for (let tries = 0; tries < 5; tries++) {
      await process("t");
      expire();
    }

    expect(leases).toHaveLength(3);
    expect((await found())?.outcome).toEqual({
      kind: "failed",
      code: "task.put-aside",
      reason: "The work was interrupted 3 times and is put aside. The last time: unexpected error",
    });
    expect(JSON.stringify(wanted())).toContain("put aside");
  });

  it("three crashes without a word put it aside too", async () => {
    const { process, tasks, expire, found, leases } = await world({});
    for (let crash = 0; crash < 3; crash++) {
      await tasks.claim("t", { worker: "dead", leaseMs: LEASE_MS });
      expire();
    }

    await process("t");

    expect(leases).toEqual([]);
    expect((await found())?.outcome).toMatchObject({
      code: "task.put-aside",
      reason: "The work was interrupted 3 times and is put aside.",
    });
  });

  it("a store that is down when the task is over costs another try, not the task", async () => {
    const record = await world();
    const { log } = logLines();
    const gone = new NexusError("store.unavailable", "gone", { retryable: true });
    const broken = { ...record.tasks, finish: () => Promise.reject(gone) };
    const process = processTask({
      ...record,
      tasks: broken,
      worker: "w",
      leaseMs: LEASE_MS,
      taskTimeoutMs: LEASE_MS,
      redact: (text) => text,
      shutdown: record.shutdown.signal,
      log,
      known: async () => ({}),
      forget: async () => undefined,
      run: async () => ({ outcome: GREEN, state }),
    });

    await process("t");
    record.expire();
    await record.process("t");

    expect(await record.found()).toMatchObject({ state: "done", epoch: 2, crashes: 0 });
  });
});
