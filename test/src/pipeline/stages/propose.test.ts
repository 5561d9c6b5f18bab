import { describe, expect, it } from "vitest";
import { NexusError } from "../../../../src/core/errors.ts";
import { propose } from "../../../../src/pipeline/stages/propose.ts";
import { freshSignal } from "../../git/sample-repository.ts";
import { stageWorld } from "../stage-world.ts";

async function proposing(refused: Readonly<Record<string, Error>> = {}) {
  const world = await stageWorld({ refused });
  const state = world.state(await world.branchSaying("yes\n"));
  const run = () => propose(world.bench)(state, freshSignal());
  return { ...world, head: state.evidence?.commit, run };
}

const REFUSED = new NexusError("github.refused", "Resource not accessible by integration");

describe("a proposal", () => {
  it("is pushed, then proven on its head, then opened", async () => {
    const { run, wishes, head } = await proposing();

    const { outcome } = await run();

    expect(wishes.map(({ kind }) => kind)).toEqual(["push", "check-run", "pull-request"]);
    expect(wishes[1]).toMatchObject({ head, conclusion: "success" });
    expect(outcome).toMatchObject({ kind: "proposed", pullRequest: { number: 7, head } });
    expect(outcome).not.toHaveProperty("checkRunProblem");
  });

  it("names in its pull request what the workers left behind", async () => {
    const world = await stageWorld();
    const made = await world.branchSaying("yes\n");
    const state = world.state({ ...made, leftBehind: ["stray.txt"] });

    await propose(world.bench)(state, freshSignal());

    const body = expect.stringContaining("left behind: `stray.txt`.");
    expect(world.wishes.at(-1)).toMatchObject({ kind: "pull-request", body });
  });

  it("is a draft that says so where work items are missing", async () => {
    const world = await stageWorld();
    const made = await world.branchSaying("yes\n");
    const missing = { item: "b", title: "Add B", code: "worker.looping", reason: "It looped." };

    await propose(world.bench)(world.state({ ...made, unfinished: [missing] }), freshSignal());

    const body = expect.stringContaining("- Add B: It looped.");
    expect(world.wishes.at(-1)).toMatchObject({ kind: "pull-request", draft: true, body });
  });

  it.each([
    REFUSED,
    new NexusError("github.unreachable", "No answer for an hour", { retryable: true }),
  ])("is opened also where its check run cannot be written, and says so: %s", async (error) => {
    const { run, wishes } = await proposing({ "check-run": error });

    const { outcome } = await run();

    expect(wishes.map(({ kind }) => kind)).toEqual(["push", "pull-request"]);
    expect(outcome).toMatchObject({ kind: "proposed", checkRunProblem: error.message });
  });

  it.each([
    ["the check run is cut off", { "check-run": new NexusError("task.lease-lost", "Epoch 1.") }],
    ["the check run meets a bug", { "check-run": new TypeError("x is undefined") }],
    ["the push is refused", { push: REFUSED }],
    ["the pull request is refused", { "pull-request": REFUSED }],
  ])("is none where %s", async (_name, refused) => {
    const { run } = await proposing(refused);

    await expect(run()).rejects.toBe(Object.values(refused)[0]);
  });
});
