import { describe, expect, it } from "vitest";
import { diagnose } from "../../../../src/pipeline/stages/diagnose.ts";
import { verify } from "../../../../src/pipeline/stages/verify.ts";
import { freshSignal } from "../../git/sample-repository.ts";
import { itemOf, stageWorld, YES } from "../stage-world.ts";

const planOf = (...checks: { name: string; command: string }[]) => ({
  summary: "s",
  items: [itemOf("a")],
  checks,
});

describe("the shadow run", () => {
  it("runs the repository's checks, then what the plan adds, marked as the plan's", async () => {
    const { bench, state, branchSaying } = await stageWorld();
    const workPlan = planOf(
      { name: "yes", command: "true" },
      { name: "again", command: YES.command },
    );

    const { evidence } = await verify(bench)(
      state({ ...(await branchSaying("yes\n")), workPlan }),
      freshSignal(),
    );

    const said = evidence?.checks.map(({ name, command, namedBy }) => ({ name, command, namedBy }));
    expect(said).toEqual([
      { ...YES, namedBy: undefined },
      { name: "yes", command: "true", namedBy: "plan" },
    ]);
    expect(evidence?.passed).toBe(true);
  });

  it("is not passed by the plan's own checks where the repository's are red", async () => {
    const { bench, state, branchSaying } = await stageWorld();
    const workPlan = planOf({ name: "yes", command: "true" });

    const { evidence } = await verify(bench)(
      state({ ...(await branchSaying("no!\n")), workPlan }),
      freshSignal(),
    );

    expect(evidence?.passed).toBe(false);
  });
});

describe("a repository without a check", () => {
  it.each(["add a parser", "fix the failing checks"])(
    "ends the task before anything is planned: %s",
    async (request) => {
      const { bench, state } = await stageWorld({ replies: [] });
      const { task } = state();

      const update = await diagnose(bench)(
        state({ task: { ...task, request }, checks: [] }),
        freshSignal(),
      );

      expect(update.outcome).toMatchObject({ kind: "no-checks" });
    },
  );
});
