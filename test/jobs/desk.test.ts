import { describe, expect, it } from "vitest";
import { createBell } from "../../jobs/bell.ts";
import { createDesk } from "../../jobs/desk.ts";
import { dispatch } from "../../jobs/dispatch.ts";
import type { EffectWish } from "../../src/core/effect.ts";
import type { TaskEvent } from "../../src/core/event.ts";
import type { Lease } from "../../src/core/record.ts";
import type { TaskState } from "../../src/pipeline/task-state.ts";
import { sampleTask } from "../contracts/samples.ts";
import { createMemoryRecord } from "../fakes/memory-record.ts";

const PULL: EffectWish = {
  kind: "pull-request",
  branch: "nexus/1",
  base: "main",
  title: "a canary",
  body: "body",
  draft: false,
};
const READ_BACK = { kind: "pull-request", number: 5, url: "http://x/5", head: "abc" } as const;
const task = sampleTask("t");
const fresh = { task } as unknown as TaskState; // what a task knows before its first stage
const redact = (text: string) => text.replaceAll("canary", "[secret]");

async function claimed() {
  const record = createMemoryRecord();
  const bell = createBell();
  await record.inbox.accept(task, []);
  const { epoch = 0 } = (await record.tasks.claim("t", { worker: "w", leaseMs: 60_000 })) ?? {};
  const lease = { taskId: "t", epoch };
  const { effects } = record;
  const account = { cost: async () => ({ spent: 420_000, isAtMost: false }) };
  const options = { task, lease, effects, account, redact, nextChange: bell.next };
  const desk = createDesk(options);
  const take = async () => {
    const [taken] = await effects.take(1, 60_000);
    if (!taken) throw new Error("Nothing is wanted.");
    return taken;
  };
  return { ...record, bell, options, desk, lease, take };
}

const signal = () => new AbortController().signal;

describe("what the task wants written", () => {
  it("is waited for until it was read back", async () => {
    const { desk, bell, effects, take } = await claimed();
    const bundle = new Uint8Array([1, 2, 3]);

    const carrying = desk.carryOut("pull-request", PULL, { signal: signal(), bundle });
    await expect.poll(() => effects.status("t/pull-request")).toEqual({ state: "wanted" });
    const taken = await take();
    await effects.done(taken, READ_BACK);
    bell.ring();

    expect(await carrying).toEqual(READ_BACK);
    expect(taken.bundle).toEqual(bundle);
    expect(taken.effect.wish).toEqual({ ...PULL, title: "a [secret]" });
  });

  it("keeps its branches and commits, whatever words are secrets", async () => {
    const { desk, effects, take } = await claimed();
    const named = { branch: "nexus/canary", base: "canary", head: "canary", tree: "canary" };
    const push: EffectWish = { kind: "push", ...named };

    void desk.carryOut("push", push, { signal: signal() });
    await expect.poll(() => effects.status("t/push")).toEqual({ state: "wanted" });
    const taken = await take();
    await effects.done(taken, { kind: "push", branch: "", head: "", tree: "" });

    expect(taken.effect.wish).toEqual(push);
  });

  it("is seen also where the bell was missed", async () => {
    const { desk, effects, take } = await claimed();

    const carrying = desk.carryOut("pull-request", PULL, { signal: signal() });
    await expect.poll(() => effects.status("t/pull-request")).toEqual({ state: "wanted" });
    await effects.done(await take(), READ_BACK);

    expect(await carrying).toEqual(READ_BACK);
  });

  it("and was done before a crash is not wanted again", async () => {
    const { desk, effects, take } = await claimed();
    void desk.carryOut("pull-request", PULL, { signal: signal() });
    await expect.poll(() => effects.status("t/pull-request")).toEqual({ state: "wanted" });
    await effects.done(await take(), READ_BACK);

    const again = await desk.carryOut("pull-request", PULL, { signal: signal() });

    expect(again).toEqual(READ_BACK);
    expect(await effects.take(1, 60_000)).toEqual([]);
  });

  it("and the platform refuses for good is an error with its reason", async () => {
    const { desk, bell, effects, take } = await claimed();

    const carrying = desk.carryOut("pull-request", PULL, { signal: signal() });
    await expect.poll(() => effects.status("t/pull-request")).toEqual({ state: "wanted" });
    await effects.fail(await take(), "protected branch");
    bell.ring();

    await expect(carrying).rejects.toMatchObject({
      code: "github.refused",
      message: "protected branch",
      retryable: false,
    });
  });

  it("is not waited for after the task was stopped", async () => {
    const { desk } = await claimed();
    const stop = new AbortController();

    const carrying = desk.carryOut("pull-request", PULL, { signal: stop.signal });
    stop.abort(new Error("stopped"));

    await expect(carrying).rejects.toThrow("stopped");
  });

  it("is not wanted under a lease that was lost", async () => {
    const { desk, tasks, lease, effects } = await claimed();
    await tasks.release(lease);

    const lost = { code: "task.lease-lost" };
    await expect(desk.track(fresh, "working")).rejects.toMatchObject(lost);
    await expect(desk.carryOut("pull-request", PULL, { signal: signal() })).rejects.toMatchObject(
      lost,
    );
    expect(await effects.take(1, 60_000)).toEqual([]);
  });
});

it("the tracking comment is one, in its newest form, without secrets", async () => {
  const { desk, wanted } = await claimed();

  await desk.track(fresh, "looking");
  await desk.track(fresh, "writing a canary");

  expect(wanted()).toHaveLength(1);
  expect(wanted()[0]).toMatchObject({
    id: "t/tracking",
    wish: { kind: "comment", issue: 12, marker: "task:t" },
  });
  expect(JSON.stringify(wanted())).toContain("writing a [secret]");
});

describe("tasks that nobody works on are queued", () => {
  it("oldest first, under the epoch that they stand at", async () => {
    const { tasks, inbox, lease } = await claimed();
    await inbox.accept(sampleTask("u"), []);
    await inbox.accept(sampleTask("v"), []);
    await tasks.release(lease);
    const added: Lease[] = [];

    await dispatch(tasks, {
      add: async (one) => void added.push(one),
      [Symbol.asyncDispose]: async () => undefined,
    });

    expect(added).toEqual([
      { taskId: "t", epoch: 1 },
      { taskId: "u", epoch: 0 },
      { taskId: "v", epoch: 0 },
    ]);
  });

  it("few at a time, and none where there is none", async () => {
    const { tasks, inbox } = createMemoryRecord();
    const counts: number[] = [];
    const counting = async () => {
      const added: Lease[] = [];
      await dispatch(tasks, {
        add: async (one) => void added.push(one),
        [Symbol.asyncDispose]: async () => undefined,
      });
      counts.push(added.length);
    };

    await counting();
    for (let number = 0; number < 60; number++) await inbox.accept(sampleTask(`n-${number}`), []);
    await counting();

    expect(counts).toEqual([0, 50]);
  });
});

/** A clock that is moved by hand. */
function handClock() {
  let now = 0;
  const calls = new Set<{ readonly at: number; readonly call: () => void }>();
  return {
    now: () => now,
    after(ms: number, call: () => void) {
      const one = { at: now + ms, call };
      calls.add(one);
      return { [Symbol.dispose]: () => void calls.delete(one) };
    },
    pass(ms: number) {
      now += ms;
      for (const one of calls) {
        if (one.at > now) continue;
        calls.delete(one);
        one.call();
      }
    },
  };
}

/** Nothing of this process is left to do. */
const idle = () => new Promise((resolve) => setImmediate(resolve));

describe("while work goes on", () => {
  const item = { id: "a", title: "Do a", department: "backend" as const, dependsOn: [] };
  const workPlan = {
    summary: "s",
    items: [{ ...item, goal: "g", paths: ["a"] }],
    checks: [],
  };
  const usage = { calls: 1, input: 1, cachedInput: 0, output: 1 };
  const step = (number: number): TaskEvent => ({
    kind: "step",
    agent: "a",
    number,
    usage,
    calls: [],
  });

  async function working() {
    const clock = handClock();
    const world = await claimed();
    const { effects } = world;
    const versions: string[] = [];
    const want: typeof effects.want = async (lease, wanted, bundle) => {
      if (wanted.wish.kind === "comment") versions.push(wanted.wish.body);
      await effects.want(lease, wanted, bundle);
    };
    const own = createDesk({ ...world.options, effects: { ...effects, want }, clock });
    await own.track({ ...fresh, workPlan }, "workers are working");
    own.tell({ kind: "planned", items: [item] });
    own.tell({ kind: "item-started", item: "a" });
    /** All that is under way is written. */
    const written = () => own[Symbol.asyncDispose]();
    return { ...world, desk: own, clock, versions, written };
  }

  it("the comment shows how far each item is, at the earliest fifteen seconds after the last time", async () => {
    const { desk, clock, versions } = await working();

    for (let number = 1; number <= 50; number++) desk.tell(step(number));
    clock.pass(14_999);
    await idle();
    expect(versions).toHaveLength(1);
    clock.pass(1);
    await expect.poll(() => versions).toHaveLength(2);

    expect(versions[1]).toContain("- [ ] Do a (backend) – **working,** step 50\n");
  });

  it("is written ever more seldom, up to once a minute", async () => {
    const { desk, clock, versions, written } = await working();

    for (let second = 1; second <= 3_600; second++) {
      desk.tell(step(second));
      clock.pass(1_000);
    }
    await written();

    expect(versions.length).toBeGreaterThan(60);
    expect(versions.length).toBeLessThan(75);
  });

  it("is not written again where nothing new is to be seen, nor after the work has ended", async () => {
    const { desk, clock, versions, written } = await working();
    clock.pass(15_000);
    await expect.poll(() => versions).toHaveLength(2);

    desk.tell({ kind: "stage", stage: "work", phase: "end" });
    clock.pass(3_600_000);
    desk.tell(step(1));
    await written();
    clock.pass(3_600_000);

    expect(versions).toHaveLength(2);
  });

  it("counts what a stage writes as the last time", async () => {
    const { desk, clock, versions } = await working();
    desk.tell(step(1));
    clock.pass(14_000);

    await desk.track({ ...fresh, workPlan }, "merging");
    clock.pass(14_000);
    await idle();
    expect(versions).toHaveLength(2);
    expect(versions[1]).toContain("step 1");
  });

  it("costs the task nothing where it cannot be written", async () => {
    const { desk, clock, tasks, lease, versions, written } = await working();
    await tasks.release(lease);

    desk.tell(step(1));
    clock.pass(15_000);
    await written();

    expect(versions).toHaveLength(2);
  });

  it("is nobody's business where nobody asked", async () => {
    const clock = handClock();
    const { options, wanted } = await claimed();
    const quiet = createDesk({ ...options, task: { ...task, keepsMergeable: true }, clock });

    await quiet.track({ ...fresh, workPlan }, "merging");
    quiet.tell({ kind: "planned", items: [item] });
    quiet.tell(step(1));
    clock.pass(3_600_000);
    await quiet[Symbol.asyncDispose]();

    expect(wanted()).toEqual([]);
  });
});
