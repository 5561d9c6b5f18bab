import { describe, expect, it } from "vitest";
import type { Correction } from "../../../src/core/correction.ts";
import { NexusError } from "../../../src/core/errors.ts";
import { mendOr } from "../../../src/pipeline/mend.ts";
import type { SentBack } from "../../../src/pipeline/task-state.ts";
import { call, calling } from "../../fakes/fake-model.ts";
import { freshSignal } from "../git/sample-repository.ts";
import { itemOf, stageWorld } from "./stage-world.ts";

type Replies = NonNullable<Parameters<typeof stageWorld>[0]>["replies"];

const FINISH = calling(call("finish", { summary: "All is well." }));
const PLACE = {
  path: "a.txt",
  line: 3,
  side: "base",
  kind: "deleted-test",
  text: "it('x')",
} as const;

/** A green branch that was sent back, and what the stage makes of it. */
async function mending(replies: Replies & object, changes: Partial<SentBack> = {}) {
  const world = await stageWorld({ replies });
  const green = await world.branchSaying("yes\n");
  const commit = green.evidence?.commit ?? "";
  const sentBack = { commit, weakened: [PLACE], unproven: [], ...changes };
  const workPlan = { summary: "s", items: [itemOf("a")], checks: [] };
  const state = world.state({ ...green, workPlan, sentBack });
  const otherwise = async () => ({ corrections: 99 });
  const run = () => mendOr(world.bench, otherwise)(state, freshSignal());
  return { ...world, before: state, run };
}

describe("a green run that was sent back", () => {
  it("is given to a worker with each place, and its commit goes on the branch", async () => {
    const edit = calling(call("edit", { path: "a.txt", old: "yes\n", new: "yes\nagain\n" }));
    const { run, model, before } = await mending([edit, FINISH]);

    const { commits, corrections, outcome } = await run();

    expect([corrections, outcome]).toEqual([1, undefined]);
    expect(commits?.map(({ title }) => title)).toEqual(["Say", "Put back what tests proved"]);
    expect(commits?.slice(0, 1)).toEqual(before.commits);
    const asked = JSON.stringify(model?.requests[0]);
    expect(asked).toContain("a.txt, line 3 before the change: deleted-test: it('x')");
    expect(asked).toContain("Put back what was taken away");
  });

  it("keeps what is known of the tries before: it was green with the last of them", async () => {
    const edit = calling(call("edit", { path: "a.txt", old: "yes\n", new: "yes\nagain\n" }));
    const { bench, before } = await mending([edit, FINISH]);
    const { commit } = before.sentBack ?? {};
    const one: Correction = {
      number: 1,
      kind: "continued",
      blamed: [],
      models: [],
      files: [],
      ending: "kept",
      commit,
      redBefore: ["yes"],
    };

    const told = await mendOr(bench, async () => ({}))(
      { ...before, attempts: [one] },
      freshSignal(),
    );

    expect(told.attempts).toMatchObject([{ redAfter: [] }]);
  });

  it.each<[string, Replies & object]>([
    ["does nothing", [FINISH]],
    ["fails", [new NexusError("model.timeout", "No reply in time.")]],
  ])("stays as it is where the worker %s: the road goes on with it", async (_name, replies) => {
    const { run } = await mending(replies);

    const { commits, corrections, outcome } = await run();

    expect([commits, corrections, outcome]).toEqual([undefined, 1, undefined]);
  });

  it("asks for a test that fails without the change where one passed", async () => {
    const name = "new test";
    const proof = { item: "a", name, command: "sh t.sh", kind: "green-green" } as const;
    const { run, model } = await mending([FINISH], { weakened: [], unproven: [proof] });

    await run();

    const asked = JSON.stringify(model?.requests[0]);
    expect(asked).toContain("new test: sh t.sh");
    expect(asked).toContain("they prove nothing of it");
  });

  it("is not this stage's where another commit was sent back", async () => {
    const { run } = await mending([], { commit: "0".repeat(40) });

    expect(await run()).toEqual({ corrections: 99 });
  });
});
