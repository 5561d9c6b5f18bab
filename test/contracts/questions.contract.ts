import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Approval } from "../../src/core/approval.ts";
import type { Outcome } from "../../src/core/outcome.ts";
import type { Answer, Given, Question } from "../../src/core/question.ts";
import type { Lease } from "../../src/core/record.ts";
import type { Task } from "../../src/core/task.ts";
import type { Recorded } from "../fakes/memory-record.ts";
import { sampleComment, sampleQuestion, sampleTask } from "./samples.ts";

const HOUR = 3_600_000;
const GIVEN_UP: Outcome = { kind: "not-approved", because: "expired", reason: "Nobody came." };

interface Opened extends Recorded, AsyncDisposable {}

/** What everybody who keeps tasks that wait for a person promises. */
export function questionsContract(name: string, open: () => Promise<Opened>): void {
  describe(`${name} keeps tasks that wait for a person`, () => {
    let record: Opened;
    let count = 0;

    beforeAll(async () => {
      record = await open();
    });
    afterAll(async () => {
      await record[Symbol.asyncDispose]();
    });

    const running = async (changes: Partial<Task> = {}): Promise<Lease> => {
      count += 1;
      const task = { ...sampleTask(`q${count}`), issue: 1_000 + count, ...changes };
      await record.inbox.accept(task, []);
      const claimed = await record.tasks.claim(task.id, { worker: "w", leaseMs: HOUR });
      return { taskId: task.id, epoch: claimed?.epoch ?? -1 };
    };
    const asked = async (question: Question = sampleQuestion): Promise<Lease> => {
      const lease = await running();
      await record.questions.ask(lease, question, []);
      return lease;
    };
    const issueOf = async ({ taskId }: Lease) => (await record.tasks.find(taskId))?.task.issue ?? 0;
    const approvalOf = async (lease: Lease, id = `a${++count}`): Promise<Approval> => {
      const { commentId = 1, request: _, ...rest } = sampleTask(id);
      return { kind: "approval", ...rest, issue: await issueOf(lease), commentId, words: "" };
    };
    const givenTo = async (lease: Lease, said = ""): Promise<Given> => {
      const approval = await approvalOf(lease);
      const answer: Answer = {
        id: approval.id,
        by: "ana",
        commentId: 900,
        said,
        words: said,
        without: [],
      };
      return { approval, answer };
    };
    const runnable = async ({ taskId }: Lease) =>
      (await record.tasks.runnable(1_000)).some((one) => one.taskId === taskId);

    describe("a task that asks", () => {
      it("is held by nobody, can be claimed by nobody, and is not due", async () => {
        const lease = await asked();

        const claimed = await record.tasks.claim(lease.taskId, { worker: "w2", leaseMs: HOUR });

        expect(claimed).toBeUndefined();
        expect(await runnable(lease)).toBe(false);
        expect(await record.tasks.running()).not.toContain(lease.taskId);
        expect(await record.tasks.find(lease.taskId)).toMatchObject({ state: "asked", epoch: 1 });
      });

      it("wants its effects with the question, once", async () => {
        const lease = await running();
        const effects = [sampleComment(lease.taskId, "asks")];

        await record.questions.ask(lease, sampleQuestion, effects);
        await record.questions.ask(lease, sampleQuestion, [sampleComment(lease.taskId, "again")]);

        expect(await record.effects.status(`${lease.taskId}/asks`)).toEqual({ state: "wanted" });
        expect(await record.effects.status(`${lease.taskId}/again`)).toBeUndefined();
        expect(await record.questions.of(lease.taskId)).toEqual({
          question: sampleQuestion,
          answers: [],
        });
      });

      it("does so once more when it was answered before the answer to asking arrived", async () => {
        const lease = await asked();
        await record.questions.answer(lease, await givenTo(lease), []);

        await record.questions.ask(lease, sampleQuestion, []);

        expect(await record.tasks.find(lease.taskId)).toMatchObject({ state: "waiting" });
      });

      it("cannot be asked under an epoch that is over, nor ended by its old lease", async () => {
        const lease = await asked();
        const lost = { code: "task.lease-lost" };
        const other = { ...sampleQuestion, reason: "Another one." };

        await expect(record.questions.ask(lease, other, [])).rejects.toMatchObject(lost);
        await expect(record.tasks.finish(lease, GIVEN_UP, [])).rejects.toMatchObject(lost);
        expect(await record.tasks.renew(lease, HOUR)).toBe(false);
        await record.tasks.release(lease);

        expect(await record.tasks.find(lease.taskId)).toMatchObject({ state: "asked" });
      });

      it("gives hostile text back unchanged", async () => {
        const summary = "a\u0000b '; drop table tasks; --";
        const question = { ...sampleQuestion, plan: { ...sampleQuestion.plan, summary } };

        const lease = await asked(question);

        expect((await record.questions.of(lease.taskId))?.question).toEqual(question);
      });
    });

    describe("an answer", () => {
      it("lets the task go on under a new epoch, and is kept", async () => {
        const lease = await asked();
        const given = await givenTo(lease, "in blue\u0000");
        const effects = [sampleComment(lease.taskId, "heard")];

        const isKept = await record.questions.answer(lease, given, effects);

        expect(isKept).toBe(true);
        expect(await runnable(lease)).toBe(true);
        const claimed = await record.tasks.claim(lease.taskId, { worker: "w", leaseMs: HOUR });
        expect(claimed).toMatchObject({ epoch: 2, crashes: 0, interrupted: undefined });
        expect(await record.effects.status(`${lease.taskId}/heard`)).toEqual({ state: "wanted" });
        expect(await record.questions.of(lease.taskId)).toEqual({
          question: sampleQuestion,
          answers: [given.answer],
        });
      });

      it("is told as an event, once", async () => {
        const lease = await asked();
        await record.questions.answer(lease, await givenTo(lease), []);

        const told = await record.events.after(lease.taskId, 0, 100);

        expect(told.map(({ event }) => event)).toEqual([{ kind: "answered", by: "ana" }]);
      });

      it("settles its delivery in the same step", async () => {
        const lease = await asked();
        const given = await givenTo(lease);
        await record.inbox.receive(given.approval);

        await record.questions.answer(lease, given, []);

        const pending = await record.inbox.pending(1_000);
        expect(pending.map(({ id }) => id)).not.toContain(given.approval.id);
      });

      it("is one where two come at the same time", async () => {
        const lease = await asked();
        const both = [await givenTo(lease, "one"), await givenTo(lease, "two")];

        const kept = await Promise.all(
          both.map((given) => record.questions.answer(lease, given, [])),
        );

        expect(kept.filter(Boolean)).toHaveLength(1);
        expect((await record.questions.of(lease.taskId))?.answers).toHaveLength(1);
      });

      it("that comes too late changes nothing, and stays to be told so", async () => {
        const lease = await asked();
        await record.questions.answer(lease, await givenTo(lease), []);
        const late = await givenTo(lease, "late");
        await record.inbox.receive(late.approval);

        const effects = [sampleComment(lease.taskId, "late")];
        const isKept = await record.questions.answer(lease, late, effects);

        expect(isKept).toBe(false);
        expect(await record.effects.status(`${lease.taskId}/late`)).toBeUndefined();
        const pending = await record.inbox.pending(1_000);
        expect(pending.map(({ id }) => id)).toContain(late.approval.id);
      });

      it("to an older question is none to the newer one", async () => {
        const first = await asked();
        await record.questions.answer(first, await givenTo(first, "one"), []);
        await record.tasks.claim(first.taskId, { worker: "w", leaseMs: HOUR });
        const second = { ...first, epoch: 2 };
        await record.questions.ask(second, { ...sampleQuestion, reason: "Once more." }, []);

        const old = await record.questions.answer(first, await givenTo(first, "old"), []);
        const right = await record.questions.answer(second, await givenTo(first, "right"), []);

        expect([old, right]).toEqual([false, true]);
        const { answers = [] } = (await record.questions.of(first.taskId)) ?? {};
        expect(answers.map(({ said }) => said)).toEqual(["one", "right"]);
      });

      it("makes stages that come again count as progress", async () => {
        const lease = await running();
        await record.tasks.progress(lease, "prepare");
        await record.questions.ask(lease, sampleQuestion, []);
        await record.questions.answer(lease, await givenTo(lease), []);
        await record.tasks.claim(lease.taskId, { worker: "w", leaseMs: HOUR });
        await record.tasks.postpone({ ...lease, epoch: 2 }, 0);
        await record.tasks.claim(lease.taskId, { worker: "w", leaseMs: HOUR });

        await record.tasks.progress({ ...lease, epoch: 3 }, "prepare");

        expect(await record.tasks.find(lease.taskId)).toMatchObject({ interrupted: undefined });
      });
    });

    describe("the newest request on an issue", () => {
      it("is found with its question and answers, whatever the case of the repository's name", async () => {
        const lease = await asked();
        const approval = await approvalOf(lease);

        const found = await record.questions.newest({
          ...approval,
          repo: { owner: "OCTO", name: "Shop" },
        });

        expect(found).toMatchObject({
          record: { state: "asked", epoch: 1, task: { id: lease.taskId } },
          asked: { question: sampleQuestion, answers: [] },
          isSeen: true,
        });
      });

      it("was not seen by a word that came before it was asked", async () => {
        const lease = await running();
        const approval = await approvalOf(lease);
        await record.inbox.receive(approval);
        const before = await record.questions.newest(approval);
        await record.questions.ask(lease, sampleQuestion, []);

        const after = await record.questions.newest(approval);

        expect(before).toMatchObject({ record: { state: "running" }, isSeen: false });
        expect(before?.asked).toBeUndefined();
        expect(after).toMatchObject({ record: { state: "asked" }, isSeen: false });
      });

      it("is neither one on another issue, nor what nobody asked for", async () => {
        const lease = await running({ keepsMergeable: true });
        const approval = await approvalOf(lease);

        expect(await record.questions.newest(approval)).toBeUndefined();
        expect(await record.questions.newest({ ...approval, issue: 999_999 })).toBeUndefined();
      });
    });

    describe("a question nobody answers", () => {
      const overdue = async (lease: Lease, waitMs: number) =>
        (await record.questions.overdue(waitMs)).find(
          ({ record: { task } }) => task.id === lease.taskId,
        );

      it("is overdue after its time, by the record's clock, and not before", async () => {
        const lease = await asked();

        expect(await overdue(lease, HOUR)).toBeUndefined();
        expect(await overdue(lease, -1)).toMatchObject({ question: sampleQuestion, answers: [] });
        expect((await overdue(lease, -1))?.replacedBy).toBeUndefined();
      });

      it("is overdue as soon as something newer is asked for on the same issue", async () => {
        const lease = await asked();
        const issue = await issueOf(lease);
        await running({ issue, keepsMergeable: true });
        const before = await overdue(lease, HOUR);

        await running({ issue, requestedBy: "ben" });

        expect(before).toBeUndefined();
        expect(await overdue(lease, HOUR)).toMatchObject({ replacedBy: "ben" });
      });

      it("ends once, with its effects, and takes no answer any more", async () => {
        const lease = await asked();
        const effects = [sampleComment(lease.taskId, "over")];

        const first = await record.questions.withdraw(lease, GIVEN_UP, effects);
        const again = await record.questions.withdraw(lease, GIVEN_UP, []);
        const late = await record.questions.answer(lease, await givenTo(lease), []);

        expect([first, again, late]).toEqual([true, false, false]);
        expect(await record.tasks.find(lease.taskId)).toMatchObject({
          state: "done",
          outcome: GIVEN_UP,
        });
        expect(await record.effects.status(`${lease.taskId}/over`)).toEqual({ state: "wanted" });
        expect(await record.events.latest(lease.taskId, "ended")).toMatchObject({
          outcome: "not-approved",
        });
      });

      it("does not end where it was answered a moment before", async () => {
        const lease = await asked();
        await record.questions.answer(lease, await givenTo(lease), []);

        const isEnded = await record.questions.withdraw(lease, GIVEN_UP, []);

        expect(isEnded).toBe(false);
        expect(await record.tasks.find(lease.taskId)).toMatchObject({ state: "waiting" });
      });
    });
  });
}
