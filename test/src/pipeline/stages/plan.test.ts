import { describe, expect, it } from "vitest";
import { NexusError } from "../../../../src/core/errors.ts";
import { plan } from "../../../../src/pipeline/stages/plan.ts";
import { call, calling } from "../../../fakes/fake-model.ts";
import { freshSignal } from "../../git/sample-repository.ts";
import { costing, itemOf, stageWorld } from "../stage-world.ts";
import { watchedBench } from "../watched-bench.ts";

const BAD = calling(call("submit_plan", { summary: "s", items: [], checks: [] }));
const GOOD = calling(call("submit_plan", { summary: "s", items: [itemOf("a")], checks: [] }));

describe("the plan", () => {
  it("is thought of while a container for its worker starts", async () => {
    const { bench, state, warmed, signal, upstream } = await watchedBench({ team: {} });

    await plan(bench)(state(), signal);

    expect(warmed).toMatchObject([{ commit: upstream.main, taskId: state().task.id }]);
  });

  it("is what the architect submitted, with the tokens of every try", async () => {
    const { bench, state } = await stageWorld({ replies: [costing(BAD, 10), costing(GOOD, 100)] });

    const update = await plan(bench)(state(), freshSignal());

    expect(update).toMatchObject({ workPlan: { items: [{ id: "a" }] }, usage: { input: 110 } });
  });

  it("that does not come since the model fails ends the task, with the tokens spent until then", async () => {
    const refused = new NexusError("model.auth", "No key.", { hint: "Set MODEL_API_KEY." });
    const { bench, state } = await stageWorld({ replies: [costing(BAD, 10), refused] });

    const update = await plan(bench)(state(), freshSignal());

    expect(update).toEqual({
      usage: { calls: 1, input: 10, cachedInput: 0, output: 1 },
      outcome: {
        kind: "model-failed",
        code: "model.auth",
        reason: "No key.",
        hint: "Set MODEL_API_KEY.",
      },
    });
  });

  it("is not made where nobody can plan", async () => {
    const { bench, state } = await stageWorld();

    const { outcome } = await plan(bench)(state(), freshSignal());

    expect(outcome).toMatchObject({ kind: "model-required" });
  });
});
