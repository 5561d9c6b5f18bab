import { describe, expect, it } from "vitest";
import { diagnose } from "../../../../src/pipeline/stages/diagnose.ts";
import { verify } from "../../../../src/pipeline/stages/verify.ts";
import { freshSignal, write } from "../../git/sample-repository.ts";
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

  it("that is red after the last try does not end the road where the branch was green before", async () => {
    const { bench, state, branchSaying, mirror } = await stageWorld();
    const { commits = [] } = await branchSaying("yes\n");
    const [green] = commits;
    if (!green) throw new Error("There is no commit.");
    const { commit } = green.changeSet;
    const made = { parent: commit, edits: [write("a.txt", "no!\n")], message: "mend" };
    const mended = { title: "Mend", changeSet: await mirror.commitEdits(made) };
    const sentBack = { commit, weakened: [], unproven: [] };
    const last = { workPlan: planOf(), corrections: 2, commits: [green, mended] };

    const { outcome, evidence } = await verify(bench)(state({ ...last, sentBack }), freshSignal());
    const ended = await verify(bench)(state(last), freshSignal());

    expect(evidence?.passed).toBe(false);
    expect(outcome).toBeUndefined();
    expect(ended.outcome).toMatchObject({ kind: "checks-failed" });
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

describe("a workspace that people may look into", () => {
  const UNTIL = "2030-01-01T00:00:00.000Z";

  it("is held as asked after a green shadow run, and nothing more is done", async () => {
    const { bench, state, branchSaying } = await stageWorld();
    const task = { ...state().task, hold: true };

    const { evidence, outcome } = await verify(bench)(
      state({ ...(await branchSaying("yes\n")), task }),
      freshSignal(),
    );

    expect(outcome).toEqual({ kind: "held", evidence, until: UNTIL });
  });

  it("is held where the last correction left a check red", async () => {
    const { bench, state, branchSaying } = await stageWorld();
    const red = { ...(await branchSaying("no!\n")), workPlan: planOf(), corrections: 2 };

    const { evidence, outcome } = await verify(bench)(state(red), freshSignal());

    expect(outcome).toEqual({ kind: "checks-failed", evidence, corrections: 2, heldUntil: UNTIL });
  });

  it.each([
    ["after workers, who may not be able to correct it", { workPlan: planOf() }, UNTIL],
    ["and not before the architect has seen it", {}, undefined],
  ])("is held where the road goes on %s", async (_name, known, heldUntil) => {
    const { bench, state, branchSaying } = await stageWorld();

    const update = await verify(bench)(
      state({ ...(await branchSaying("no!\n")), ...known }),
      freshSignal(),
    );

    expect([update.outcome, update.heldUntil]).toEqual([undefined, heldUntil]);
  });

  it("makes room for the next try", async () => {
    const { bench, state, branchSaying } = await stageWorld();
    const released: string[] = [];
    const sandbox = {
      ...bench.sandbox,
      release: async (taskId: string) => void released.push(taskId),
    };
    const green = { ...(await branchSaying("yes\n")), workPlan: planOf(), corrections: 1 };

    await verify({ ...bench, sandbox })(state(green), freshSignal());
    const again = await verify({ ...bench, sandbox })(
      state({ ...green, heldUntil: UNTIL }),
      freshSignal(),
    );

    expect(released).toEqual(["t"]);
    expect([again.outcome, again.heldUntil]).toEqual([undefined, undefined]);
  });

  it("is never held by a dry run", async () => {
    const { bench, state, branchSaying } = await stageWorld();
    const task = { ...state().task, hold: true, dryRun: true };

    const { outcome } = await verify(bench)(
      state({ ...(await branchSaying("yes\n")), task }),
      freshSignal(),
    );

    expect(outcome).toMatchObject({ kind: "dry-run" });
  });
});
