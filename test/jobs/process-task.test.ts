import { describe, expect, it } from "vitest";
import { processTask } from "../../jobs/process-task.ts";
import { NexusError } from "../../src/core/errors.ts";
import { sampleEvidence, sampleQuestion } from "../contracts/samples.ts";
import { logLines } from "../world/log-lines.ts";
import { until } from "../world/until.ts";
import { GREEN, LEASE_MS, state, task, untilStopped, world } from "./processing-world.ts";

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

  it("that asks is held by nobody, with the question in its comment, and nothing of it is forgotten", async () => {
    const plan = { ...sampleQuestion.plan, summary: "A canary sings." };
    const question = { ...sampleQuestion, plan };
    const { process, found, wanted, forgotten, questions, tasks } = await world({
      run: async () => ({ question, state }),
    });

    await process("t");

    expect(await found()).toMatchObject({ state: "asked", epoch: 1, outcome: undefined });
    expect(await tasks.runnable(10)).toEqual([]);
    expect((await questions.of("t"))?.question).toEqual(question);
    expect(JSON.stringify(wanted())).toContain("the plan waits for a word");
    expect(JSON.stringify(wanted())).not.toContain("canary");
    expect(forgotten).toEqual([]);
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
    const { process, tasks, found, wanted, events, lines } = await world({
      run: untilStopped,
      leaseMs: 900,
    });

    const processing = process("t");
    await until(async () => (await found())?.state === "running", { what: "the task to run" });
    await tasks.release({ taskId: "t", epoch: 1 });
    await tasks.claim("t", { worker: "other", leaseMs: LEASE_MS });
    await processing;

    expect(await found()).toMatchObject({ state: "running", epoch: 2, outcome: undefined });
    expect(wanted()).toEqual([]);
    expect(await events.latest("t", "interrupted")).toBeUndefined();
    expect(lines.join("")).toContain("left to its new holder");
  });

  it("is noticed too where a stage runs into it first", async () => {
    const lost = new NexusError("task.lease-lost", "Epoch 1 is over.");
    const { process, found, wanted, events } = await world({ run: () => Promise.reject(lost) });

    await process("t");

    expect(await found()).toMatchObject({ state: "running", outcome: undefined });
    expect(wanted()).toEqual([]);
    expect(await events.latest("t", "interrupted")).toBeUndefined();
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
