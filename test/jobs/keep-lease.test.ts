import { describe, expect, it } from "vitest";
import { keepLease } from "../../jobs/keep-lease.ts";
import type { Lease, Tasks } from "../../src/core/record.ts";
import { sampleTask } from "../contracts/samples.ts";
import { createMemoryRecord } from "../fakes/memory-record.ts";
import { logLines } from "../world/log-lines.ts";
import { until } from "../world/until.ts";

/** Long enough that a busy machine does not keep a renewal from coming in time. */
const LEASE_MS = 1_500;

async function claimed() {
  const { inbox, tasks } = createMemoryRecord();
  const task = sampleTask("kept");
  await inbox.accept(task, []);
  const record = await tasks.claim(task.id, { worker: "w", leaseMs: LEASE_MS });
  return { tasks, lease: { taskId: task.id, epoch: record?.epoch ?? 0 } };
}

function keep(tasks: Tasks, lease: Lease) {
  const { log, lines } = logLines();
  return { held: keepLease({ tasks, lease, leaseMs: LEASE_MS, log }), lines };
}

/** The reason for which the lease was lost, and after how long. */
async function lossOf(signal: AbortSignal): Promise<{ reason: unknown; afterMs: number }> {
  const began = performance.now();
  await until(() => signal.aborted, { what: "the lease to be lost", timeoutMs: 25_000 });
  return { reason: signal.reason, afterMs: performance.now() - began };
}

describe("a lease that is kept", () => {
  it("outlives its length, and is free again when it is let go", async () => {
    const { tasks, lease } = await claimed();
    const { held } = keep(tasks, lease);
    const taken: unknown[] = [];
    const began = performance.now();

    while (performance.now() - began < 2 * LEASE_MS) {
      taken.push(...(await tasks.runnable(10)));
      await new Promise((resolve) => setTimeout(resolve, 5));
    }
    const kept = held.signal.aborted;
    await held[Symbol.asyncDispose]();

    expect(taken).toEqual([]);
    expect(kept).toBe(false);
    await until(async () => (await tasks.runnable(10)).length === 1, { what: "it to run out" });
    expect(held.signal.aborted).toBe(false);
  });

  it("is renewed while one renewal fails", async () => {
    const { tasks, lease } = await claimed();
    let calls = 0;
    const shaky: Tasks = {
      ...tasks,
      renew: async (...at) => {
        calls += 1;
        if (calls % 2 === 0) throw new Error("the store is gone");
        return tasks.renew(...at);
      },
    };
    const { held, lines } = keep(shaky, lease);

    await until(() => calls >= 7, { what: "seven renewals" });
    const lost = held.signal.aborted;
    await held[Symbol.asyncDispose]();

    expect(lost).toBe(false);
    expect(lines[0]).toContain("lease not renewed");
  });
});

describe("a lease that is lost", () => {
  it("to another worker is said at the next renewal", async () => {
    const { tasks, lease } = await claimed();
    await tasks.release(lease);
    await tasks.claim(lease.taskId, { worker: "other", leaseMs: LEASE_MS });
    const { held } = keep(tasks, lease);

    const { reason } = await lossOf(held.signal);
    await held[Symbol.asyncDispose]();

    expect(reason).toMatchObject({ message: "the lease was lost" });
  });

  it.each([
    ["fails", () => Promise.reject(new Error("the store is gone"))],
    ["does not come back", () => new Promise<boolean>(() => undefined)],
  ])("because every renewal %s is said when it has run out", async (_name, renew) => {
    const { tasks, lease } = await claimed();
    const { held } = keep({ ...tasks, renew }, lease);

    const { reason, afterMs } = await lossOf(held.signal);

    expect(reason).toMatchObject({ message: "the lease ran out" });
    expect(afterMs).toBeGreaterThanOrEqual(LEASE_MS * 0.6);
  });
});
