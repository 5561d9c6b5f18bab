import { describe, expect, it } from "vitest";
import { processTask } from "../../jobs/process-task.ts";
import { NexusError } from "../../src/core/errors.ts";
import type { Lease } from "../../src/core/record.ts";
import type { Ended } from "../../src/pipeline/run-task.ts";
import type { TaskState } from "../../src/pipeline/task-state.ts";
import { sampleEvidence, sampleTask } from "../contracts/samples.ts";
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
  const forgotten: string[] = [];
  const process = processTask({
    ...record,
    worker: "w",
    leaseMs,
    taskTimeoutMs,
    redact: (text) => text.replaceAll("canary", "[secret]"),
    shutdown: shutdown.signal,
    log,
    known: known ?? (async () => ({})),
    forget: async (id) => {
      forgotten.push(id);
    },
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
  const pass = (ms: number) => {
    skew += ms;
  };
  return { ...record, process, shutdown, expire, pass, found, leases, lines, forgotten };
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

  it("is forgotten once its ending is stored, and not a moment earlier", async () => {
    const { process, forgotten, found } = await world({
      run: async () => {
        expect(forgotten).toEqual([]);
        return { outcome: GREEN, state };
      },
    });

    await process("t");

    expect(forgotten).toEqual(["t"]);
    expect(await found()).toMatchObject({ state: "done" });
  });

  it("has ended also where what was kept of it cannot be deleted", async () => {
    const { found, ...rest } = await world();
    const { log, lines } = logLines();
    const process = processTask({
      ...rest,
      worker: "w",
      leaseMs: LEASE_MS,
      taskTimeoutMs: LEASE_MS,
      redact: (text) => text,
      shutdown: rest.shutdown.signal,
      log,
      known: async () => ({}),
      forget: () => Promise.reject(new Error("the store is down")),
      run: async () => ({ outcome: GREEN, state }),
    });

    await process("t");

    expect(await found()).toMatchObject({ state: "done" });
    expect(lines.join("")).toContain("left to the purge");
  });

  it("ends with the branch and commit that were read back, whatever words are secrets", async () => {
    const pullRequest = { number: 5, url: "http://canary/5", head: "canary", branch: "canary/1" };
    const outcome = { kind: "proposed", pullRequest, evidence: sampleEvidence } as const;
    const { process, found } = await world({ run: async () => ({ outcome, state }) });

    await process("t");

    expect((await found())?.outcome).toEqual(outcome);
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

  it("a bug leaves the lease to run out, and is remembered", async () => {
    const { process, tasks, expire, found, journal, wanted } = await world({
      run: () => Promise.reject(new TypeError("x is not a function")),
    });
    const reason = "unexpected error";

    await process("t");

    expect(await found()).toMatchObject({ state: "running", outcome: undefined });
    expect(await tasks.runnable(10)).toEqual([]);
    expire();
    expect(await tasks.runnable(10)).toEqual([{ taskId: "t", epoch: 1 }]);
    expect(await journal.events("t")).toMatchObject([{ name: "interrupted", data: { reason } }]);
    expect(wanted()).toEqual([]);
  });

  it("an outage hands the task back for a while that grows, and counts as no crash", async () => {
    const { process, tasks, pass, found, journal, leases } = await world({
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
    const [first] = await journal.events("t");
    expect(first).toMatchObject({ name: "interrupted", data: { reason } });
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
