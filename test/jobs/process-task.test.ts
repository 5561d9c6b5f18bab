import { describe, expect, it } from "vitest";
import { processTask } from "../../jobs/process-task.ts";
import { NexusError } from "../../src/core/errors.ts";
import type { Lease } from "../../src/core/record.ts";
import type { Ended } from "../../src/pipeline/run-task.ts";
import type { TaskState } from "../../src/pipeline/task-state.ts";
import { sampleTask } from "../contracts/samples.ts";
import { createMemoryRecord } from "../fakes/memory-record.ts";
import { logLines } from "../world/log-lines.ts";
import { until } from "../world/until.ts";

const task = sampleTask("t");
const LEASE_MS = 60_000;
const GREEN: Ended["outcome"] = { kind: "nothing-to-do", reason: "All is canary green." };
const state = { task } as unknown as TaskState; // what a task knows before its first stage

type Run = (lease: Lease, signal: AbortSignal) => Promise<Ended>;

interface Setting {
  readonly run?: Run;
  readonly known?: () => Promise<Partial<TaskState>>;
  readonly leaseMs?: number;
  readonly taskTimeoutMs?: number;
}

/** A record with one waiting task, and what processes it. */
async function world({ run, known, leaseMs = LEASE_MS, taskTimeoutMs = LEASE_MS }: Setting = {}) {
  let skew = 0;
  const record = createMemoryRecord(() => Date.now() + skew);
  await record.inbox.accept(task, []);
  const shutdown = new AbortController();
  const { log, lines } = logLines();
  const leases: Lease[] = [];
  const process = processTask({
    ...record,
    worker: "w",
    leaseMs,
    taskTimeoutMs,
    redact: (text) => text.replaceAll("canary", "[secret]"),
    shutdown: shutdown.signal,
    log,
    known: known ?? (async () => ({})),
    run: async (_task, lease, signal) => {
      leases.push(lease);
      return run ? run(lease, signal) : { outcome: GREEN, state };
    },
  });
  /** What a crash leaves: the lease runs out and nobody handed it back. */
  const expire = () => {
    skew += leaseMs * 2;
  };
  const found = async () => record.tasks.find("t");
  return { ...record, process, shutdown, expire, found, leases, lines };
}

/** A run that goes on until it is stopped. */
const untilStopped: Run = (_lease, signal) =>
  new Promise((_resolve, reject) => {
    signal.addEventListener("abort", () => reject(signal.reason), { once: true });
  });

describe("a task", () => {
  it("is claimed, run, and its ending stored with its comment, without secrets", async () => {
    const { process, found, wanted, leases } = await world();

    await process("t");

    const outcome = { ...GREEN, reason: "All is [secret] green." };
    expect(await found()).toMatchObject({ state: "done", epoch: 1, crashes: 0, outcome });
    expect(leases).toEqual([{ taskId: "t", epoch: 1 }]);
    expect(wanted()).toHaveLength(1);
    expect(wanted()[0]).toMatchObject({ id: "t/tracking" });
    expect(JSON.stringify(wanted()[0])).toContain("nothing to do");
    expect(JSON.stringify(wanted()[0])).not.toContain("canary");
  });

  it("that is unknown, done or held by another is left alone", async () => {
    const { process, tasks, leases } = await world();

    await process("unknown");
    await tasks.claim("t", { worker: "other", leaseMs: LEASE_MS });
    await process("t");
    expect(leases).toEqual([]);
    await tasks.release({ taskId: "t", epoch: 1 });
    await process("t");
    await process("t");

    expect(leases).toEqual([{ taskId: "t", epoch: 2 }]);
  });

  it("that comes twice at once is run once", async () => {
    const { process, leases } = await world();

    await Promise.all([process("t"), process("t"), process("t")]);

    expect(leases).toHaveLength(1);
  });

  it("is handed back when the process is to stop, and that is no crash", async () => {
    const { process, shutdown, found, wanted } = await world({ run: untilStopped });

    const processing = process("t");
    await until(async () => (await found())?.state === "running", { what: "the task to run" });
    shutdown.abort(new NexusError("aborted", "stopped by SIGTERM"));
    await processing;

    expect(await found()).toMatchObject({ state: "waiting", epoch: 1, crashes: 0 });
    expect(wanted()).toEqual([]);
  });

  it("that took too long ends, and its people are told the limit", async () => {
    const { process, found, wanted } = await world({ run: untilStopped, taskTimeoutMs: 30 });

    await process("t");

    expect((await found())?.outcome).toMatchObject({
      kind: "failed",
      code: "task.timeout",
      reason: expect.stringContaining("TASK_TIMEOUT_SECONDS"),
    });
    expect(JSON.stringify(wanted())).toContain("`task.timeout`");
  });

  it("that fails for good ends with what is known of it", async () => {
    const plan = { summary: "Say yes.", items: [], checks: [] };
    const { process, found, wanted } = await world({
      run: () => Promise.reject(new NexusError("git.failed", "broken", { hint: "Look." })),
      known: async () => ({ task, workPlan: plan }),
    });

    await process("t");

    const outcome = { kind: "failed", code: "git.failed", reason: "broken", hint: "Look." };
    expect((await found())?.outcome).toEqual(outcome);
    expect(JSON.stringify(wanted())).toContain("Say yes.");
  });

  it("ends also when nothing that is known of it can be read", async () => {
    const { process, found } = await world({
      run: () => Promise.reject(new NexusError("git.failed", "broken")),
      known: () => Promise.reject(new Error("the checkpoint is spoilt")),
    });

    await process("t");

    expect((await found())?.outcome).toMatchObject({ kind: "failed", code: "git.failed" });
  });
});

describe("a lease that is lost", () => {
  it("stops the run, which then writes nothing", async () => {
    const { process, tasks, found, wanted, journal, lines } = await world({
      run: untilStopped,
      leaseMs: 60,
    });

    const processing = process("t");
    await until(async () => (await found())?.state === "running", { what: "the task to run" });
    await tasks.release({ taskId: "t", epoch: 1 });
    await tasks.claim("t", { worker: "other", leaseMs: LEASE_MS });
    await processing;

    expect(await found()).toMatchObject({ state: "running", epoch: 2, outcome: undefined });
    expect(wanted()).toEqual([]);
    expect(await journal.events("t")).toEqual([]);
    expect(lines.join("")).toContain("left to its new holder");
  });

  it("is noticed too where a stage runs into it first", async () => {
    const lost = new NexusError("task.lease-lost", "Epoch 1 is over.");
    const { process, found, wanted, journal } = await world({ run: () => Promise.reject(lost) });

    await process("t");

    expect(await found()).toMatchObject({ state: "running", outcome: undefined });
    expect(wanted()).toEqual([]);
    expect(await journal.events("t")).toEqual([]);
  });

  it("just before the ending is stored leaves the ending to the new holder", async () => {
    const box: { takeOver?: () => Promise<void> } = {};
    const { process, tasks, found, wanted } = await world({
      run: async () => {
        await box.takeOver?.();
        return { outcome: GREEN, state };
      },
    });
    box.takeOver = async () => {
      await tasks.release({ taskId: "t", epoch: 1 });
      await tasks.claim("t", { worker: "other", leaseMs: LEASE_MS });
    };

    await process("t");

    expect(await found()).toMatchObject({ state: "running", epoch: 2, outcome: undefined });
    expect(wanted()).toEqual([]);
  });
});

describe("trouble that may be gone at the next try", () => {
  const outage = new NexusError("github.unreachable", "GitHub, canary, is down", {
    retryable: true,
  });

  it.each([
    ["an outage", outage, "github.unreachable: GitHub, [secret], is down"],
    ["a bug", new TypeError("x is not a function"), "unexpected error"],
  ])("%s leaves the lease to run out, and is remembered", async (_name, error, reason) => {
    const { process, tasks, expire, found, journal, wanted } = await world({
      run: () => Promise.reject(error),
    });

    await process("t");

    expect(await found()).toMatchObject({ state: "running", outcome: undefined });
    expect(await tasks.runnable(10)).toEqual([]);
    expire();
    expect(await tasks.runnable(10)).toEqual([{ taskId: "t", epoch: 1 }]);
    expect(await journal.events("t")).toMatchObject([{ name: "interrupted", data: { reason } }]);
    expect(wanted()).toEqual([]);
  });

  it("three times puts the task aside, with the last reason, and never runs it again", async () => {
    const { process, expire, found, wanted, leases } = await world({
      run: () => Promise.reject(outage),
    });

    for (let tries = 0; tries < 5; tries++) {
      await process("t");
      expire();
    }

    expect(leases).toHaveLength(3);
    expect((await found())?.outcome).toEqual({
      kind: "failed",
      code: "task.put-aside",
      reason:
        "The work was interrupted 3 times and is put aside. The last time: github.unreachable: GitHub, [secret], is down",
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

  it("a store that is down when the task is over costs another claim, not the task", async () => {
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
      run: async () => ({ outcome: GREEN, state }),
    });

    await process("t");
    record.expire();
    await record.process("t");

    expect(await record.found()).toMatchObject({ state: "done", epoch: 2, crashes: 1 });
  });
});
