import { describe, expect, it } from "vitest";
import type { Approval } from "../../../src/core/approval.ts";
import type { Permission, Platform } from "../../../src/core/platform.ts";
import type { Question } from "../../../src/core/question.ts";
import type { Lease } from "../../../src/core/record.ts";
import type { Task } from "../../../src/core/task.ts";
import { giveUp } from "../../../src/pipeline/give-up.ts";
import { takeIn } from "../../../src/pipeline/take-in.ts";
import { trackingEffect } from "../../../src/pipeline/task-effects.ts";
import { sampleQuestion, sampleTask } from "../../contracts/samples.ts";
import { memoryLedger } from "../../fakes/memory-ledger.ts";
import { createMemoryRecord } from "../../fakes/memory-record.ts";

const HOUR = 3_600_000;
const DAY = 24 * HOUR;

/** A record on a clock of its own, in which tasks ask and people answer. */
function world(permission: Permission = "write") {
  let now = 1_000_000;
  const record = createMemoryRecord(() => ++now);
  const ledger = memoryLedger();
  const claim = async (changes: Partial<Task> = {}) => {
    const task = { ...sampleTask("t"), planFirst: true, ...changes };
    await record.inbox.accept(task, []);
    const claimed = await record.tasks.claim(task.id, { worker: "w", leaseMs: HOUR });
    return { taskId: task.id, epoch: claimed?.epoch ?? -1 };
  };
  let shows = 0;
  const question = async (lease: Lease, asked: Question = sampleQuestion) =>
    record.questions.ask(lease, asked, [
      trackingEffect({ ...sampleTask(lease.taskId) }, `The plan, ${++shows}.`),
    ]);
  /** Everything that is wanted is written, and read back. */
  const show = async (shownAt?: string) => {
    for (const taken of await record.effects.take(50, HOUR)) {
      const at = { id: 1, url: "https://example.test/1", ...(shownAt && { shownAt }) };
      await record.effects.done(taken, { kind: "comment", ...at });
    }
  };
  const ask = async (asked: Question = sampleQuestion, changes: Partial<Task> = {}) => {
    await question(await claim(changes), asked);
    await show();
  };
  const say = async (words: string, changes: Partial<Approval> = {}) => {
    const { request: _, commentId = 1, ...rest } = sampleTask("a");
    const approval = { kind: "approval" as const, ...rest, commentId, words, ...changes };
    await record.inbox.receive(approval);
    return approval;
  };
  const round = () =>
    takeIn({
      ...record,
      ledger,
      open: async () => ({ permission: async () => permission }) as unknown as Platform, // nothing else is asked
      onTrouble: (_delivery, error) => {
        throw error;
      },
    });
  const replyTo = (id: string) =>
    record
      .wanted()
      .flatMap(({ taskId, wish }) => (taskId === id && wish.kind === "comment" ? [wish.body] : []))
      .at(-1);
  const pass = (ms: number) => {
    now += ms;
  };
  return { ...record, ledger, claim, question, show, ask, say, round, replyTo, pass };
}

describe("a word on a plan", () => {
  it("of somebody who may ask lets it go on, once, and is told of at once", async () => {
    const { ask, say, round, tasks, questions, wanted, replyTo } = world();
    await ask();
    await say("without b\nuse ISO dates", { budget: 2_000_000 });

    await round();
    await round();

    expect(await tasks.find("t")).toMatchObject({ state: "waiting" });
    expect((await questions.of("t"))?.answers).toEqual([
      {
        id: "a",
        by: "ana",
        commentId: 900,
        said: "without b\nuse ISO dates",
        words: "use ISO dates",
        without: ["b"],
        budget: 2_000_000,
      },
    ]);
    expect(wanted().map(({ id }) => id)).toEqual(["t/tracking", "t/reaction-a"]);
    expect(replyTo("t")).toContain("**Approved by** ana, with these words:");
    expect(replyTo("t")).toContain("models may cost $2.00 at most");
    expect(replyTo("t")).not.toContain("Say it in b");
  });

  it.each(["read", "none"] as const)(
    "of somebody with %s rights is refused, and the plan goes on waiting",
    async (permission) => {
      const { ask, say, round, tasks, replyTo, refusal } = world(permission);
      await ask();
      await say("");

      await round();

      expect(await tasks.find("t")).toMatchObject({ state: "asked" });
      expect(replyTo("a")).toContain("you have none");
      expect(refusal("a")).toBe(`permission: ${permission}`);
    },
  );

  it("that is the same delivery twice is one", async () => {
    const { ask, say, round, questions } = world();
    await ask();
    await say("");
    await round();
    await say("");

    await round();

    expect((await questions.of("t"))?.answers).toHaveLength(1);
  });

  it("that comes second is told who was first", async () => {
    const { ask, say, round, questions, replyTo } = world();
    await ask();
    await say("", { id: "a1" });
    await say("without b", { id: "a2", requestedBy: "ben" });

    await round();
    await round();

    expect((await questions.of("t"))?.answers.map(({ by }) => by)).toEqual(["ana"]);
    expect(replyTo("a2")).toContain("`ana` was first");
  });

  it("that comes before its plan is asked of approves nothing, and is told so once", async () => {
    const { claim, question, show, say, round, pass, tasks, questions, replyTo } = world();
    const lease = await claim();
    await say("without b");
    await round();
    const early = replyTo("a");
    await question(lease);
    await show();
    pass(10_000);

    await round();

    expect(early).toContain("The plan was not there yet, so nothing was approved");
    expect(await tasks.find("t")).toMatchObject({ state: "asked" });
    expect((await questions.of("t"))?.answers).toEqual([]);
  });

  it.each([
    ["before", "2026-01-31T12:00:09Z", "asked"],
    ["in the second in which", "2026-01-31T12:00:10.500Z", "waiting"],
    ["after", "2026-01-31T12:00:11Z", "waiting"],
    ["at an unknown time, when", undefined, "waiting"],
  ] as const)(
    "that was written %s its plan could be read is judged by that",
    async (_name, madeAt, state) => {
      const { claim, question, show, say, round, pass, tasks, replyTo } = world();
      await question(await claim());
      await say("", madeAt && { madeAt });
      await round();
      const unsure = [await tasks.find("t"), replyTo("a")];
      await show("2026-01-31T12:00:10Z");
      pass(10_000);

      await round();

      expect(unsure).toMatchObject([{ state: "asked" }, undefined]);
      expect(await tasks.find("t")).toMatchObject({ state });
      expect(replyTo("a") ?? "heard").toContain(
        state === "asked" ? "The plan was not there yet" : "heard",
      );
    },
  );

  it("on a plan that could not be shown approves nothing", async () => {
    const { claim, question, effects, say, round, tasks, replyTo } = world();
    await question(await claim());
    for (const taken of await effects.take(50, HOUR)) await effects.fail(taken, "gone");
    await say("");

    await round();

    expect(await tasks.find("t")).toMatchObject({ state: "asked" });
    expect(replyTo("a")).toContain("The plan was not there yet");
  });

  it("that was meant for an earlier form of the plan approves none", async () => {
    const { ask, question, show, say, round, tasks, replyTo, inbox } = world();
    await ask();
    const late = await say("", { id: "late", requestedBy: "ben" });
    await inbox.postpone(late, 0);
    await inbox.postpone(late, HOUR);
    await say("make it blue", { id: "a1" });
    await round();
    const claimed = await tasks.claim("t", { worker: "w", leaseMs: HOUR });
    await question({ taskId: "t", epoch: claimed?.epoch ?? -1 });
    await show();
    await inbox.postpone(late, 0);

    await round();

    expect(await tasks.find("t")).toMatchObject({ state: "asked" });
    expect(replyTo("late")).toContain("made anew before this word arrived");
  });

  it("without an answer leaves open questions open", async () => {
    const { ask, say, round, tasks, replyTo } = world();
    await ask({ ...sampleQuestion, plan: { ...sampleQuestion.plan, questions: ["@you: why?"] } });
    await say("without b");

    await round();

    expect(await tasks.find("t")).toMatchObject({ state: "asked" });
    expect(replyTo("a")).toContain("Repeat `/nexus approve` with your answers");
    expect(replyTo("a")).not.toContain("@you");
  });

  it.each([
    ["without zebra", "There is no work item `zebra`"],
    ["without a", "`b` builds on `a`"],
    ["budget 0", "`0` is no amount"],
  ])("%j that cannot be carried out is asked about", async (words, problem) => {
    const { ask, say, round, tasks, replyTo } = world();
    await ask();
    await say(words);

    await round();

    expect(await tasks.find("t")).toMatchObject({ state: "asked" });
    expect(replyTo("a")).toContain(problem);
  });

  it("with a budget that is no amount approves nothing", async () => {
    const { ask, say, round, tasks, replyTo } = world();
    await ask();
    await say("", { misread: "lots" });

    await round();

    expect(await tasks.find("t")).toMatchObject({ state: "asked" });
    expect(replyTo("a")).toContain("`--budget lots`");
  });

  it.each([
    ["budget 0.50", {}],
    ["", { budget: 500_000 }],
  ])("that leaves no money for the work approves nothing: %j %o", async (words, option) => {
    const { ask, ledger, say, round, tasks, replyTo } = world();
    await ask();
    const call = { task: "t", repository: "octo/shop", model: "m", leaseMs: HOUR, caps: {} };
    const reserved = await ledger.reserve({ ...call, atMost: 500_000 });
    if (reserved.kind === "reserved") await ledger.settle(reserved.reservation, 500_000);
    await say(words, { id: "poor", ...option });
    await say("budget 0.51", { id: "rich" });

    await round();

    expect(replyTo("poor")).toContain(
      "The plan alone has cost $0.50: a budget of $0.50 leaves nothing for the work.",
    );
    expect(replyTo("rich")).toBeUndefined();
    expect(await tasks.find("t")).toMatchObject({ state: "waiting" });
  });

  it("that is only close to one approves nothing, and is asked about", async () => {
    const { ask, say, round, tasks, replyTo } = world();
    await ask();
    await say("without b", { slip: "approved" });

    await round();

    expect(await tasks.find("t")).toMatchObject({ state: "asked" });
    expect(replyTo("a")).toContain("`approved` is close to `approve`, so nothing was approved");
  });

  it("where nothing waits is told so, and what to do", async () => {
    const { say, round, replyTo } = world();
    await say("looks good @all");

    await round();

    expect(replyTo("a")).toContain("No plan waits for a word here");
    expect(replyTo("a")).toContain("`/nexus plan`");
    expect(replyTo("a")).not.toContain("@all");
  });
});

describe("a plan that waits", () => {
  it("is given up after its days, and says so", async () => {
    const { ask, pass, questions, ledger, tasks, replyTo } = world();
    await ask();
    const early = await giveUp({ questions, ledger, days: 14 });
    pass(14 * DAY);

    const late = await giveUp({ questions, ledger, days: 14 });

    expect([early, late]).toEqual([0, 1]);
    expect(await tasks.find("t")).toMatchObject({
      state: "done",
      outcome: { kind: "not-approved", because: "expired" },
    });
    expect(replyTo("t")).toContain("### Nexus: given up: nobody answered");
    expect(replyTo("t")).toContain("within 14 days");
  });

  it.each([[{ planFirst: true }], [{ request: "do it at once" }]])(
    "makes room for something newer on the same issue, and says so: %o",
    async (newer) => {
      const { ask, claim, questions, ledger, tasks, replyTo } = world();
      await ask();
      await claim({ id: "newer", requestedBy: "ben", planFirst: false, ...newer });

      await giveUp({ questions, ledger, days: 14 });

      expect(await tasks.find("t")).toMatchObject({ outcome: { because: "replaced" } });
      expect(replyTo("t")).toContain("ben asked for something newer here");
      expect(await tasks.find("newer")).toMatchObject({ state: "running" });
    },
  );
});
