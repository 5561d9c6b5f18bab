import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import type { Effect, EffectResult } from "../../src/core/effect.ts";
import type { Lease, TakenEffect } from "../../src/core/record.ts";
import type { Recorded } from "../fakes/memory-record.ts";
import {
  sampleComment,
  sampleEvidence,
  sampleOutcome,
  samplePush,
  sampleReaction,
  sampleTask,
} from "./samples.ts";

const HOUR = 3_600_000;
const RESULT: EffectResult = { kind: "comment", id: 5, url: "https://example.test/5" };

interface Opened extends Recorded, AsyncDisposable {}

/** What everybody who keeps the record promises. */
export function recordContract(name: string, open: () => Promise<Opened>): void {
  describe(`${name} keeps the record`, () => {
    let record: Opened;
    let count = 0;

    beforeAll(async () => {
      record = await open();
    });
    afterAll(async () => {
      await record[Symbol.asyncDispose]();
    });

    const newId = () => `${name.replaceAll(/\W/g, "")}-${++count}`;
    const accepted = async (effects: readonly Effect[] = []) => {
      const task = sampleTask(effects[0]?.taskId ?? newId());
      await record.inbox.accept(task, effects);
      return task.id;
    };
    const running = async (leaseMs = HOUR): Promise<Lease> => {
      const taskId = await accepted();
      const claimed = await record.tasks.claim(taskId, { worker: "w1", leaseMs });
      return { taskId, epoch: claimed?.epoch ?? -1 };
    };
    /** Its lease ran out, by the record's own clock. */
    const silent = async (): Promise<Lease> => {
      const lease = await running(1);
      await vi.waitFor(async () => {
        expect(await record.tasks.runnable(1_000)).toContainEqual(lease);
      });
      return lease;
    };
    /** Takes what is due until the task's own effect is among it; others of this suite are put back. */
    const takeOf = async (taskId: string): Promise<readonly TakenEffect[]> => {
      const taken = await record.effects.take(1_000, HOUR);
      const others = taken.filter(({ effect }) => effect.taskId !== taskId);
      for (const other of others) await record.effects.retry(other, "not mine", 0);
      return taken.filter(({ effect }) => effect.taskId === taskId);
    };

    describe("the inbox", () => {
      it("keeps a delivery once, however often it comes", async () => {
        const task = sampleTask(newId());

        const answers = [await record.inbox.receive(task), await record.inbox.receive(task)];

        expect(answers).toEqual(["new", "known"]);
        const pending = await record.inbox.pending(1_000);
        expect(pending.filter(({ id }) => id === task.id)).toEqual([task]);
      });

      it("hands pending deliveries out oldest first and never more than asked", async () => {
        const ids = [newId(), newId(), newId()];
        for (const id of ids) await record.inbox.receive(sampleTask(id));

        const all = await record.inbox.pending(1_000);

        expect(all.map(({ id }) => id).filter((id) => ids.includes(id))).toEqual(ids);
        expect(await record.inbox.pending(2)).toHaveLength(2);
        expect(await record.inbox.pending(0)).toEqual([]);
        expect(await record.inbox.pending(-1)).toEqual([]);
      });

      it("keeps what cannot be decided yet to itself until it is due", async () => {
        const [asked, grown, back] = [newId(), newId(), newId()];
        for (const id of [asked, grown, back]) await record.inbox.receive(sampleTask(id));

        await record.inbox.postpone(sampleTask(asked), HOUR);
        await record.inbox.postpone(sampleTask(grown));
        await record.inbox.postpone(sampleTask(back), 0);

        const pending = (await record.inbox.pending(1_000)).map(({ id }) => id);
        expect(pending).not.toContain(asked);
        expect(pending).not.toContain(grown);
        expect(pending).toContain(back);
      });

      it("makes an accepted delivery a waiting task with its effects, once", async () => {
        const task = sampleTask(newId());
        await record.inbox.receive(task);

        await record.inbox.accept(task, [sampleComment(task.id, "first")]);
        await record.inbox.accept(task, [sampleComment(task.id, "second")]);

        expect(await record.tasks.find(task.id)).toEqual({
          task,
          state: "waiting",
          epoch: 0,
          crashes: 0,
          interrupted: undefined,
          outcome: undefined,
        });
        expect(await record.effects.status(`${task.id}/first`)).toEqual({ state: "wanted" });
        expect(await record.effects.status(`${task.id}/second`)).toBeUndefined();
        const pending = await record.inbox.pending(1_000);
        expect(pending.filter(({ id }) => id === task.id)).toEqual([]);
      });

      it("does not start a task again that is running when its delivery is accepted twice", async () => {
        const { taskId } = await running();

        await record.inbox.accept(sampleTask(taskId), []);

        expect(await record.tasks.find(taskId)).toMatchObject({ state: "running", epoch: 1 });
      });

      it("makes a refused delivery no task, and stays with it", async () => {
        const task = sampleTask(newId());
        await record.inbox.receive(task);

        await record.inbox.refuse(task, "not allowed", [sampleComment(task.id, "why")]);
        await record.inbox.accept(task, [sampleComment(task.id, "late")]);

        expect(await record.tasks.find(task.id)).toBeUndefined();
        expect(await record.effects.status(`${task.id}/why`)).toEqual({ state: "wanted" });
        expect(await record.effects.status(`${task.id}/late`)).toBeUndefined();
      });

      it("does nothing at all when one of the effects belongs to another task", async () => {
        const task = sampleTask(newId());

        const attempt = record.inbox.accept(task, [sampleComment("stranger", "x")]);

        await expect(attempt).rejects.toThrow("belongs to task");
        expect(await record.tasks.find(task.id)).toBeUndefined();
      });

      it("gives hostile text back unchanged", async () => {
        const hostile = 'a\u0000b \ud800 \'; drop table tasks; -- \u202e {"__proto__":1} 💥';
        const task = { ...sampleTask(newId()), request: hostile };

        await record.inbox.accept(task, []);

        expect((await record.tasks.find(task.id))?.task.request).toBe(hostile);
      });
    });

    describe("tasks", () => {
      it("are claimed by one worker, with a new epoch", async () => {
        const id = await accepted();

        const won = await record.tasks.claim(id, { worker: "w1", leaseMs: HOUR });
        const late = await record.tasks.claim(id, { worker: "w2", leaseMs: HOUR });

        expect(won).toMatchObject({ state: "running", epoch: 1, crashes: 0 });
        expect(late).toBeUndefined();
        expect(await record.tasks.runnable(1_000)).not.toContainEqual({ taskId: id, epoch: 1 });
      });

      it("cannot be claimed when they do not exist", async () => {
        expect(await record.tasks.claim("nobody", { worker: "w", leaseMs: 1 })).toBeUndefined();
        expect(await record.tasks.find("nobody")).toBeUndefined();
      });

      it("are listed newest first, and handed out oldest first", async () => {
        const older = await accepted();
        const newer = await accepted();

        const listed = (await record.tasks.list(2)).map(({ task }) => task.id);
        const free = (await record.tasks.runnable(1_000)).map(({ taskId }) => taskId);

        expect(listed).toEqual([newer, older]);
        expect(free.indexOf(older)).toBeLessThan(free.indexOf(newer));
        expect(await record.tasks.list(0)).toEqual([]);
      });

      it("count a crash and get a new epoch when a silent worker's task is claimed", async () => {
        const { taskId } = await silent();

        const claimed = await record.tasks.claim(taskId, { worker: "w2", leaseMs: HOUR });

        expect(claimed).toMatchObject({ state: "running", epoch: 2, crashes: 1 });
      });

      it("can be kept by a silent worker that comes back before anybody claims", async () => {
        const lease = await silent();

        const kept = await record.tasks.renew(lease, HOUR);

        expect(kept).toBe(true);
        expect(
          await record.tasks.claim(lease.taskId, { worker: "w2", leaseMs: 1 }),
        ).toBeUndefined();
      });

      it("count no crash when they are handed back", async () => {
        const lease = await running();

        await record.tasks.release(lease);

        const again = await record.tasks.claim(lease.taskId, { worker: "w2", leaseMs: HOUR });
        expect(again).toMatchObject({ epoch: 2, crashes: 0 });
      });

      it("that are postponed wait, and count it as an interruption, not as a crash", async () => {
        const lease = await running();

        await record.tasks.postpone(lease, HOUR);

        const held = await record.tasks.claim(lease.taskId, { worker: "w2", leaseMs: HOUR });
        expect(held).toBeUndefined();
        expect(await record.tasks.runnable(1_000)).not.toContainEqual(lease);
        expect(await record.tasks.find(lease.taskId)).toMatchObject({
          state: "waiting",
          crashes: 0,
          interrupted: { times: 1, forMs: expect.any(Number) },
        });
      });

      it("that are postponed come back when they are due", async () => {
        const lease = await running();
        await record.tasks.postpone(lease, 1);
        await vi.waitFor(async () => {
          expect(await record.tasks.runnable(1_000)).toContainEqual(lease);
        });

        const claimed = await record.tasks.claim(lease.taskId, { worker: "w2", leaseMs: HOUR });

        expect(claimed).toMatchObject({ epoch: 2, crashes: 0, interrupted: { times: 1 } });
        expect(claimed?.interrupted?.forMs).toBeGreaterThan(0);
      });

      it("count their interruptions from the first one", async () => {
        let lease = await running();
        const ages: number[] = [];
        for (const _time of [1, 2, 3]) {
          await record.tasks.postpone(lease, 0);
          const claimed = await record.tasks.claim(lease.taskId, { worker: "w", leaseMs: HOUR });
          lease = { ...lease, epoch: claimed?.epoch ?? -1 };
          ages.push(claimed?.interrupted?.forMs ?? -1);
        }

        expect(await record.tasks.find(lease.taskId)).toMatchObject({ interrupted: { times: 3 } });
        expect(ages.toSorted((a, b) => a - b)).toEqual(ages);
      });

      it("forget crashes and interruptions with a new stage, and only once with the same", async () => {
        const { taskId } = await silent();
        const claimed = await record.tasks.claim(taskId, { worker: "w2", leaseMs: HOUR });
        const lease = { taskId, epoch: claimed?.epoch ?? -1 };
        await record.tasks.postpone(lease, 0);
        const again = await record.tasks.claim(taskId, { worker: "w2", leaseMs: 1 });
        const next = { taskId, epoch: again?.epoch ?? -1 };

        await record.tasks.progress(next, "prepare");

        expect(again).toMatchObject({ crashes: 1, interrupted: { times: 1 } });
        expect(await record.tasks.find(taskId)).toMatchObject({
          crashes: 0,
          interrupted: undefined,
        });
        await vi.waitFor(async () => {
          expect(await record.tasks.runnable(1_000)).toContainEqual(next);
        });
        const third = await record.tasks.claim(taskId, { worker: "w2", leaseMs: HOUR });
        await record.tasks.progress({ taskId, epoch: third?.epoch ?? -1 }, "prepare");
        expect(await record.tasks.find(taskId)).toMatchObject({ crashes: 1 });
      });

      it("that are running are told apart from all others", async () => {
        const [busy, back, over] = [await running(), await running(), await running()];
        const waiting = await accepted();
        await record.tasks.release(back);
        await record.tasks.finish(over, sampleOutcome, []);

        const ids = await record.tasks.running();

        expect(ids).toContain(busy.taskId);
        for (const id of [back.taskId, over.taskId, waiting]) expect(ids).not.toContain(id);
      });

      it("end once, with outcome and effects together", async () => {
        const lease = await running();

        await record.tasks.finish(lease, sampleOutcome, [sampleComment(lease.taskId, "end")]);
        await record.tasks.finish(lease, sampleOutcome, [sampleComment(lease.taskId, "end")]);

        expect(await record.tasks.find(lease.taskId)).toMatchObject({
          state: "done",
          outcome: { kind: "refused", reason: "ana may not ask" },
        });
        expect(await record.effects.status(`${lease.taskId}/end`)).toEqual({ state: "wanted" });
        expect(await record.tasks.claim(lease.taskId, { worker: "w", leaseMs: 1 })).toBeUndefined();
      });

      it("that ended push nothing any more, but still speak", async () => {
        const lease = await running();
        const { taskId } = lease;
        await record.effects.want(lease, sampleComment(taskId, "words"));
        await record.effects.want(lease, sampleReaction(taskId));
        await record.effects.want(lease, samplePush(taskId), new Uint8Array([1]));

        await record.tasks.finish(lease, sampleOutcome, []);

        expect(await record.effects.status(`${taskId}/push`)).toEqual({
          state: "failed",
          reason: "the task has ended",
        });
        expect(await record.effects.status(`${taskId}/words`)).toEqual({ state: "wanted" });
        expect(await record.effects.status(`${taskId}/reaction`)).toEqual({ state: "wanted" });
      });

      it("that ended are told of what was on its way out all the same", async () => {
        const lease = await running();
        const { taskId } = lease;
        await record.effects.want(lease, samplePush(taskId), new Uint8Array([1]));
        const [taken] = await takeOf(taskId);
        await record.tasks.finish(lease, sampleOutcome, []);

        if (taken) await record.effects.done(taken, RESULT);

        expect(await record.effects.status(`${taskId}/push`)).toMatchObject({ state: "done" });
      });

      it("cannot end a second time in another way", async () => {
        const lease = await running();
        await record.tasks.finish(lease, sampleOutcome, []);

        const attempt = record.tasks.finish(lease, { kind: "no-checks", reason: "none" }, []);

        await expect(attempt).rejects.toMatchObject({ code: "task.lease-lost" });
        expect((await record.tasks.find(lease.taskId))?.outcome).toEqual(sampleOutcome);
      });
    });

    describe("an epoch that is over", () => {
      const stale = async (): Promise<Lease> => {
        const lease = await silent();
        await record.tasks.claim(lease.taskId, { worker: "w2", leaseMs: HOUR });
        return lease;
      };

      it("changes nothing by any write", async () => {
        const lease = await stale();
        const lost = { code: "task.lease-lost" };

        expect(await record.tasks.renew(lease, HOUR)).toBe(false);
        await record.tasks.release(lease);
        await record.tasks.postpone(lease, 0);
        await record.tasks.progress(lease, "late");
        await expect(record.tasks.finish(lease, sampleOutcome, [])).rejects.toMatchObject(lost);
        await expect(
          record.effects.want(lease, sampleComment(lease.taskId, "zombie")),
        ).rejects.toMatchObject(lost);
        await expect(record.journal.remember(lease, "plan", 1)).rejects.toMatchObject(lost);

        expect(await record.tasks.find(lease.taskId)).toMatchObject({
          state: "running",
          epoch: 2,
          crashes: 1,
          interrupted: undefined,
        });
        expect(await record.effects.status(`${lease.taskId}/zombie`)).toBeUndefined();
        expect(await record.journal.recall(lease.taskId, "plan")).toBeUndefined();
      });

      it("is also one that never was", async () => {
        const { taskId } = await running();

        const attempt = record.journal.remember({ taskId, epoch: 99 }, "plan", 1);

        await expect(attempt).rejects.toMatchObject({ code: "task.lease-lost" });
      });
    });

    describe("the ids of tasks", () => {
      it("are found by their beginning, newest first and no more than asked", async () => {
        const ids = [await accepted(), await accepted(), await accepted()];
        const beginning = `${ids[0]}`.replace(/\d+$/, "");

        const found = await record.tasks.startingWith(beginning, 1_000);

        expect(found.filter((id) => ids.includes(id))).toEqual(ids.toReversed());
        expect(await record.tasks.startingWith(`${ids[2]}`, 1)).toEqual([ids[2]]);
        expect(await record.tasks.startingWith(beginning, 0)).toEqual([]);
        expect(await record.tasks.startingWith("%", 9)).toEqual([]);
        expect(await record.tasks.startingWith("_", 9)).toEqual([]);
      });
    });

    describe("effects", () => {
      it("are taken with their bundle and hidden until the hold ends", async () => {
        const lease = await running();
        const bundle = new Uint8Array([0, 255, 10, 0]);
        await record.effects.want(lease, samplePush(lease.taskId), bundle);

        const taken = await takeOf(lease.taskId);
        const again = await takeOf(lease.taskId);

        expect(taken).toEqual([
          {
            effect: samplePush(lease.taskId),
            version: 1,
            attempts: 1,
            triedForMs: expect.any(Number),
            bundle,
          },
        ]);
        expect(again).toEqual([]);
      });

      it("come again when the hold ends without a word, counted", async () => {
        const lease = await running();
        await record.effects.want(lease, sampleComment(lease.taskId, "a"));
        await record.effects.take(1_000, 1);

        await vi.waitFor(async () => {
          const [taken] = await record.effects
            .take(1_000, 1)
            .then((all) => all.filter(({ effect }) => effect.taskId === lease.taskId));
          expect(taken?.attempts).toBeGreaterThan(1);
        });
      });

      it("of one task leave in the order of first being wanted", async () => {
        const lease = await running();
        const want = (name: string, body?: string) =>
          record.effects.want(lease, sampleComment(lease.taskId, name, body));
        await want("a");
        await want("b");
        await want("a", "newer words");

        const [first, ...more] = await takeOf(lease.taskId);
        const none = await takeOf(lease.taskId);
        if (first) await record.effects.done(first, RESULT);
        const [second] = await takeOf(lease.taskId);

        expect(first?.effect).toEqual(sampleComment(lease.taskId, "a", "newer words"));
        expect(more).toEqual([]);
        expect(none).toEqual([]);
        expect(second?.effect).toEqual(sampleComment(lease.taskId, "b"));
      });

      it("of one task wait for an earlier one that waits for its next try", async () => {
        const lease = await running();
        await record.effects.want(lease, sampleComment(lease.taskId, "a"));
        await record.effects.want(lease, sampleComment(lease.taskId, "b"));
        const [first] = await takeOf(lease.taskId);

        if (first) await record.effects.retry(first, "502", HOUR);

        expect(await takeOf(lease.taskId)).toEqual([]);
      });

      it("of one task do not wait for a reaction", async () => {
        const lease = await running();
        await record.effects.want(lease, sampleReaction(lease.taskId));
        await record.effects.want(lease, sampleComment(lease.taskId, "a"));
        await record.effects.want(lease, sampleComment(lease.taskId, "b"));

        const taken = await takeOf(lease.taskId);

        const ids = taken.map(({ effect }) => effect.id);
        expect(ids).toEqual([`${lease.taskId}/reaction`, `${lease.taskId}/a`]);
      });

      it("are hidden for longer while somebody still holds them, and only then", async () => {
        const lease = await running();
        await record.effects.want(lease, sampleComment(lease.taskId, "a"));
        const [slow] = await takeOf(lease.taskId);
        if (slow) await record.effects.retry(slow, "slow", 0);
        const [quick] = await takeOf(lease.taskId);

        // Neither who lost it nor who holds it may make it come at once for others.
        if (slow) await record.effects.hold(slow, 0);
        expect(await takeOf(lease.taskId)).toEqual([]);
        if (quick) await record.effects.hold(quick, 0);

        expect(await takeOf(lease.taskId)).toMatchObject([{ attempts: 3 }]);
      });

      it("that were given up are wanted again by the same wish, with its bundle", async () => {
        const lease = await running();
        const push = samplePush(lease.taskId);
        await record.effects.want(lease, push, new Uint8Array([1]));
        const [taken] = await takeOf(lease.taskId);
        if (taken) await record.effects.giveUp(taken, "503 for a day");
        const status = await record.effects.status(push.id);

        await record.effects.want(lease, push, new Uint8Array([2]));

        expect(status).toEqual({ state: "failed", reason: "503 for a day" });
        expect(await record.effects.status(push.id)).toEqual({ state: "wanted" });
        expect(await takeOf(lease.taskId)).toMatchObject([
          { version: 2, attempts: 1, bundle: new Uint8Array([2]) },
        ]);
      });

      it("that failed for good stay so by the same wish", async () => {
        const lease = await running();
        await record.effects.want(lease, sampleComment(lease.taskId, "a"));
        const [taken] = await takeOf(lease.taskId);
        if (taken) await record.effects.fail(taken, "404");

        await record.effects.want(lease, sampleComment(lease.taskId, "a"));

        expect(await record.effects.status(`${lease.taskId}/a`)).toMatchObject({ state: "failed" });
      });

      it("of one task do not wait for an earlier one that failed for good", async () => {
        const lease = await running();
        await record.effects.want(lease, sampleComment(lease.taskId, "a"));
        await record.effects.want(lease, sampleComment(lease.taskId, "b"));
        const [first] = await takeOf(lease.taskId);

        if (first) await record.effects.fail(first, "404");

        const [second] = await takeOf(lease.taskId);
        expect(second?.effect.id).toBe(`${lease.taskId}/b`);
        expect(await record.effects.status(`${lease.taskId}/a`)).toEqual({
          state: "failed",
          reason: "404",
        });
      });

      it("are done with what was read back", async () => {
        const lease = await running();
        await record.effects.want(lease, sampleComment(lease.taskId, "a"));
        const [taken] = await takeOf(lease.taskId);

        if (taken) await record.effects.done(taken, RESULT);

        expect(await record.effects.status(`${lease.taskId}/a`)).toEqual({
          state: "done",
          result: { kind: "comment", id: 5, url: "https://example.test/5" },
        });
      });

      it("stay done when the same wish is wished again, in whatever order of keys", async () => {
        const lease = await running();
        const effect = sampleComment(lease.taskId, "a");
        await record.effects.want(lease, effect);
        const [taken] = await takeOf(lease.taskId);
        if (taken) await record.effects.done(taken, RESULT);

        const turned = Object.fromEntries(Object.entries(effect.wish).reverse());
        await record.effects.want(lease, { ...effect, wish: turned as typeof effect.wish });

        expect(await record.effects.status(effect.id)).toMatchObject({ state: "done" });
      });

      it("are wanted again when the wish is another one", async () => {
        const lease = await running();
        await record.effects.want(lease, sampleComment(lease.taskId, "a"));
        const [taken] = await takeOf(lease.taskId);
        if (taken) await record.effects.done(taken, RESULT);

        await record.effects.want(lease, sampleComment(lease.taskId, "a", "newer"));

        expect(await record.effects.status(`${lease.taskId}/a`)).toEqual({ state: "wanted" });
        expect(await takeOf(lease.taskId)).toMatchObject([{ version: 2, attempts: 1 }]);
      });

      it("that were replaced on their way out are wanted still, but not before the older is told of", async () => {
        const lease = await running();
        await record.effects.want(lease, sampleComment(lease.taskId, "a", "older"));
        const [older] = await takeOf(lease.taskId);
        await record.effects.want(lease, sampleComment(lease.taskId, "a", "newer"));

        const overtaking = await takeOf(lease.taskId);
        if (older) await record.effects.done(older, RESULT);
        const status = await record.effects.status(`${lease.taskId}/a`);
        const [newer] = await takeOf(lease.taskId);

        expect(overtaking).toEqual([]);
        expect(status).toEqual({ state: "wanted" });
        expect(newer).toMatchObject({ version: 2, effect: { wish: { body: "newer" } } });
      });

      it("that were replaced survive the failure of the older wish", async () => {
        const lease = await running();
        await record.effects.want(lease, sampleComment(lease.taskId, "a", "older"));
        const [older] = await takeOf(lease.taskId);
        await record.effects.want(lease, sampleComment(lease.taskId, "a", "newer"));

        if (older) await record.effects.fail(older, "422");

        expect(await takeOf(lease.taskId)).toMatchObject([{ version: 2 }]);
      });

      it("are not let go by a publisher whose hold ended long ago", async () => {
        const lease = await running();
        await record.effects.want(lease, sampleComment(lease.taskId, "a"));
        const [slow] = await takeOf(lease.taskId);
        if (slow) await record.effects.retry(slow, "slow", 0);
        const [quick] = await takeOf(lease.taskId);

        if (slow) await record.effects.retry(slow, "late", 0);
        if (slow) await record.effects.fail(slow, "late");

        expect(quick).toMatchObject({ attempts: 2 });
        expect(await takeOf(lease.taskId)).toEqual([]);
        expect(await record.effects.status(`${lease.taskId}/a`)).toEqual({ state: "wanted" });
      });

      it("are never more than asked, and nobody's when nothing is asked", async () => {
        const lease = await running();
        await record.effects.want(lease, sampleComment(lease.taskId, "a"));

        expect(await record.effects.take(0, 1)).toEqual([]);
        expect(await record.effects.take(-5, 1)).toEqual([]);
        expect(await record.effects.status("unheard/of")).toBeUndefined();
      });

      it("of another task are a fault of the caller", async () => {
        const lease = await running();

        const attempt = record.effects.want(lease, sampleComment("stranger", "x"));

        await expect(attempt).rejects.toThrow("belongs to task");
      });
    });

    describe("the journal", () => {
      it.each([
        {
          value: { b: [1, null, "x"], a: { deep: true } },
          back: { b: [1, null, "x"], a: { deep: true } },
        },
        { value: "a\u0000b", back: "a\u0000b" },
        { value: { gone: undefined, kept: 0 }, back: { kept: 0 } },
        { value: undefined, back: null },
        { value: null, back: null },
      ])("recalls what was remembered: $value", async ({ value, back }) => {
        const lease = await running();

        await record.journal.remember(lease, "plan", value);

        expect(await record.journal.recall(lease.taskId, "plan")).toEqual(back);
      });

      it("keeps the newest under a key, apart from other keys and tasks", async () => {
        const [one, other] = [await running(), await running()];
        await record.journal.remember(one, "plan", 1);
        await record.journal.remember(one, "plan", 2);
        await record.journal.remember(other, "plan", 3);

        expect(await record.journal.recall(one.taskId, "plan")).toBe(2);
        expect(await record.journal.recall(other.taskId, "plan")).toBe(3);
        expect(await record.journal.recall(one.taskId, "work")).toBeUndefined();
      });
    });

    describe("events", () => {
      it("come back in their order, each with its place and time, of one task alone", async () => {
        const [taskId, other] = [await accepted(), await accepted()];
        const seqs = [
          await record.events.append(taskId, { kind: "claimed", crashes: 0 }, "a"),
          await record.events.append(other, { kind: "claimed", crashes: 1 }, "a"),
          await record.events.append(taskId, { kind: "item-started", item: "x" }, "b"),
        ];

        const events = await record.events.after(taskId, 0, 10);

        const at = expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/);
        expect(events).toEqual([
          { seq: seqs[0], at, event: { kind: "claimed", crashes: 0 } },
          { seq: seqs[2], at, event: { kind: "item-started", item: "x" } },
        ]);
        expect(await record.events.after("unheard-of", 0, 10)).toEqual([]);
      });

      it("can be read on from any place, a page at a time", async () => {
        const taskId = await accepted();
        for (const item of ["a", "b", "c"])
          await record.events.append(taskId, { kind: "item-started", item }, item);

        const [first] = await record.events.after(taskId, 0, 1);
        const rest = await record.events.after(taskId, first?.seq ?? 0, 10);

        expect(first?.event).toEqual({ kind: "item-started", item: "a" });
        expect(rest.map(({ event }) => event)).toEqual([
          { kind: "item-started", item: "b" },
          { kind: "item-started", item: "c" },
        ]);
        expect(await record.events.after(taskId, rest.at(-1)?.seq ?? 0, 10)).toEqual([]);
      });

      it("are kept once under one key, in the first place", async () => {
        const taskId = await accepted();
        const event = { kind: "item-started", item: "a" } as const;

        const seq = await record.events.append(taskId, event, "key");

        expect(await record.events.append(taskId, event, "key")).toBe(seq);
        expect(await record.events.after(taskId, 0, 10)).toHaveLength(1);
      });

      it("show the newest of a kind", async () => {
        const taskId = await accepted();
        for (const reason of ["first", "last"])
          await record.events.append(taskId, { kind: "interrupted", reason }, reason);
        await record.events.append(taskId, { kind: "claimed", crashes: 1 }, "c");

        const latest = await record.events.latest(taskId, "interrupted");

        expect(latest).toEqual({ kind: "interrupted", reason: "last" });
        expect(await record.events.latest(taskId, "planned")).toBeUndefined();
      });

      it("say that a task ended as soon as it has, once, and not where the lease was lost", async () => {
        const taskId = await accepted();
        const ended = async () => record.events.latest(taskId, "ended");
        const lost = { taskId, epoch: 7 };
        await record.tasks.claim(taskId, { worker: "w", leaseMs: HOUR });

        await expect(record.tasks.finish(lost, sampleOutcome, [])).rejects.toThrow();
        expect(await ended()).toBeUndefined();
        await record.tasks.finish({ taskId, epoch: 1 }, sampleOutcome, []);
        await record.tasks.finish({ taskId, epoch: 1 }, sampleOutcome, []);

        expect(await ended()).toEqual({ kind: "ended", outcome: sampleOutcome.kind });
        expect(await record.events.after(taskId, 0, 10)).toHaveLength(1);
      });
    });

    describe("trajectories", () => {
      it("are read in the order they were saved, page by page, each step with its time", async () => {
        const [taskId, other] = [await accepted(), await accepted()];
        for (const text of ["one", "two", "a\u0000b"])
          await record.journal.step(taskId, text === "two" ? "worker" : "architect", { text });
        await record.journal.step(other, "architect", { text: "not mine" });

        const begun = await record.journal.steps(taskId, { limit: 2 });
        const rest = await record.journal.steps(taskId, { after: begun.at(-1)?.seq, limit: 2 });

        const at = expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/);
        const seq = expect.stringMatching(/^\d+$/);
        expect(begun).toEqual([
          { seq, agent: "architect", step: { text: "one" }, at },
          { seq, agent: "worker", step: { text: "two" }, at },
        ]);
        expect(rest).toEqual([{ seq, agent: "architect", step: { text: "a\u0000b" }, at }]);
        const last = { after: rest[0]?.seq, limit: 2 };
        expect(await record.journal.steps(taskId, last)).toEqual([]);
      });

      it.each([0, -1])("give nothing where %d steps are asked for", async (limit) => {
        const taskId = await accepted();
        await record.journal.step(taskId, "architect", {});

        expect(await record.journal.steps(taskId, { limit })).toEqual([]);
        expect(await record.journal.steps("unheard-of", { limit: 9 })).toEqual([]);
      });
    });

    describe("evidence", () => {
      it("is found under one digest, whatever the order of its keys", async () => {
        const turned = Object.fromEntries(Object.entries(sampleEvidence).reverse());

        const digest = await record.evidence.keep(sampleEvidence);
        const same = await record.evidence.keep(turned as typeof sampleEvidence);

        expect(same).toBe(digest);
        expect(digest).toMatch(/^[0-9a-f]{64}$/);
        expect(await record.evidence.find(digest)).toEqual(sampleEvidence);
        expect(await record.evidence.find("0".repeat(64))).toBeUndefined();
      });
    });
  });
}
