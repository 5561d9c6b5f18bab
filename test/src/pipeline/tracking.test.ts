import { expect, it } from "vitest";
import type { EffectWish } from "../../../src/core/effect.ts";
import { effect } from "../../../src/pipeline/task-effects.ts";
import { pushedBy, trackingOf } from "../../../src/pipeline/tracking.ts";
import { sampleTask } from "../../contracts/samples.ts";
import { createMemoryRecord } from "../../fakes/memory-record.ts";
import { itemOf } from "./stage-world.ts";

const task = sampleTask("t");
const [base, head, tree] = ["a".repeat(40), "b".repeat(40), "c".repeat(40)];
const branch = "nexus/1-fix";
const PUSH: EffectWish = { kind: "push", branch, base, head, tree };
const PULL: EffectWish = {
  kind: "pull-request",
  branch,
  base: "main",
  title: "Fix",
  body: "",
  draft: false,
};
const outcome = { kind: "no-checks", reason: "None." } as const;

/** A record with one task at work, whose effects the test publishes. */
async function atWork() {
  const record = createMemoryRecord();
  await record.inbox.accept(task, []);
  await record.tasks.claim("t", { worker: "w", leaseMs: 60_000 });
  const want = (name: string, wish: EffectWish) =>
    record.effects.want({ taskId: "t", epoch: 1 }, effect(task, name, wish), new Uint8Array([1]));
  const comment = async () =>
    trackingOf(task, {}, { outcome, pushed: await pushedBy(task, record.effects) });
  return { ...record, want, comment };
}

it("a work item that was left out is not ticked as done", () => {
  const items = ["a", "b"].map((id) => itemOf(id));
  const workPlan = { summary: "s", items, checks: [] };
  const changeSet = { base, commit: head, tree, files: [] };
  const results = items.map(({ id: item }) => ({ item, changeSet }));
  const unfinished = [{ item: "b", title: "Do b", code: "worker.left-out", reason: "Red." }];

  const comment = trackingOf(task, { workPlan, results, unfinished }, { now: "shadow run" });

  expect(comment).toContain("- [x] Do a");
  expect(comment).toContain("- [ ] Do b");
});

it("nothing was pushed where no push was ever wanted", async () => {
  const { effects, comment } = await atWork();

  expect(await pushedBy(task, effects)).toBeUndefined();
  expect(await comment()).toContain("Nothing was pushed.");
});

it("a push that was wanted may have arrived, whatever became of it", async () => {
  const { effects, want, comment } = await atWork();
  await want("push", PUSH);

  const wanted = await comment();
  const [taken] = await effects.take(1, 60_000);
  if (taken) await effects.fail(taken, "refused");
  const failed = await comment();

  for (const said of [wanted, failed]) {
    expect(said).toContain("A push to the branch");
    expect(said).not.toContain("Nothing was pushed");
  }
});

it("what was read back is said: the commit and the pull request", async () => {
  const { effects, want, comment } = await atWork();
  await want("push", PUSH);
  const [push] = await effects.take(1, 60_000);
  if (push) await effects.done(push, { kind: "push", branch, head, tree });
  await want("pull-request", PULL);
  const url = "https://github.test/acme/engine/pull/7";
  const [pull] = await effects.take(1, 60_000);
  if (pull) await effects.done(pull, { kind: "pull-request", number: 7, url, head });

  const said = await comment();

  expect(said).toContain("was pushed before, at `bbbbbbb`.");
  expect(said).toContain(`The pull request [#7](${url}) was opened for it.`);
});
