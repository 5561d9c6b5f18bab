import { describe, expect, it } from "vitest";
import { NexusError } from "../../../../src/core/errors.ts";
import { correct } from "../../../../src/pipeline/stages/correct.ts";
import { trackingOf } from "../../../../src/pipeline/tracking.ts";
import { call, calling } from "../../../fakes/fake-model.ts";
import { freshSignal } from "../../git/sample-repository.ts";
import { costing, itemOf, stageWorld } from "../stage-world.ts";

type Setting = NonNullable<Parameters<typeof stageWorld>[0]>;

const READ = calling(call("read", { path: "a.txt" }));
const FINISH = calling(call("finish", { summary: "All tests pass." }));

/** A branch whose check is red, to be corrected by this model, with so many tries. */
async function correcting(replies: Setting["replies"] & object, corrections = 1) {
  const world = await stageWorld({ replies });
  const bench = { ...world.bench, limits: { workers: 1, corrections } };
  const workPlan = { summary: "s", items: [itemOf("a")], checks: [] };
  const state = world.state({ ...(await world.branchSaying("perhaps\n")), workPlan });
  return { ...world, bench, red: state, run: () => correct(bench)(state, freshSignal()) };
}

const GIVES_UP = ["a", "b", "c", "d"].map((name) =>
  costing(calling(call("read", { path: name })), 10),
);
const LIMIT = "The work item was not finished after 4 steps.";

describe("a correction", () => {
  it("adds a commit to the branch", async () => {
    const edit = calling(call("edit", { path: "a.txt", old: "perhaps\n", new: "yes\n" }));
    const { run, mirror, red } = await correcting([edit, FINISH]);

    const { commits, corrections, outcome } = await run();

    expect(outcome).toBeUndefined();
    expect(corrections).toBe(1);
    expect(commits?.slice(0, 1)).toEqual(red.commits);
    const head = commits?.[1]?.changeSet.commit ?? "";
    expect(await mirror.readFile(head, "a.txt")).toBe("yes\n");
  });

  it.each([
    [
      "whose model fails",
      [costing(READ, 10), new NexusError("model.timeout", "No reply in time.")],
      { code: "model.timeout", reason: "No reply in time." },
      10,
    ],
    [
      "whose worker gives up",
      GIVES_UP,
      { code: "worker.too-many-steps", reason: expect.stringContaining("after 4 steps") },
      40,
    ],
  ])(
    "%s ends, as the last one, with the red check and why correcting stopped",
    async (...[, replies, why, input]) => {
      const { run, red } = await correcting(replies);

      const { outcome, usage, ...rest } = await run();

      expect(outcome).toEqual({
        kind: "checks-failed",
        evidence: red.evidence,
        corrections: 1,
        stopped: why,
      });
      expect(usage).toMatchObject({ input });
      if (!outcome) throw new Error("There is no outcome.");
      const comment = trackingOf(red.task, { ...red, ...rest }, { outcome, pushed: undefined });
      expect(comment).toContain("### Nexus: checks still fail");
      expect(comment).toContain("no yes");
      expect(comment).toContain(`(\`${why.code}\`)`);
    },
  );

  it("that comes to nothing says until when the red check is kept", async () => {
    const heldUntil = "2030-01-01T00:00:00.000Z";
    for (const replies of [[FINISH], [new NexusError("model.timeout", "No reply in time.")]]) {
      const { bench, red } = await correcting(replies);

      const { outcome } = await correct(bench)({ ...red, heldUntil }, freshSignal());

      expect(outcome).toMatchObject({ kind: "checks-failed", heldUntil });
    }
  });

  it.each([
    ["changes nothing", [FINISH], { ending: "unchanged" }],
    [
      "is stopped",
      GIVES_UP,
      { ending: "gave-up", stopped: { code: "worker.too-many-steps", reason: LIMIT } },
    ],
  ])(
    "whose worker %s leaves the next try to another kind of worker",
    async (...[, replies, why]) => {
      const { run, red } = await correcting(replies, 2);

      const { outcome, corrections, attempts, commits, evidence } = await run();

      expect([outcome, corrections]).toEqual([undefined, 1]);
      expect([commits, evidence]).toEqual([red.commits, red.evidence]);
      expect(attempts).toMatchObject([{ kind: "continued", ...why }]);
    },
  );

  it("whose model is out is the last one, however many may be tried", async () => {
    const { run } = await correcting([new NexusError("model.timeout", "No reply in time.")], 3);

    const { outcome } = await run();

    expect(outcome).toMatchObject({ kind: "checks-failed", stopped: { code: "model.timeout" } });
  });

  it("that changes nothing ends, as the last one, with the red check alone", async () => {
    const { run, red } = await correcting([FINISH]);

    const { outcome } = await run();

    expect(outcome).toEqual({ kind: "checks-failed", evidence: red.evidence, corrections: 1 });
  });
});
