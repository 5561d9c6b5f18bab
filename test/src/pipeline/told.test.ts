import { expect, it } from "vitest";
import { NexusError } from "../../../src/core/errors.ts";
import type { ModelRequest } from "../../../src/core/model.ts";
import { NO_USAGE } from "../../../src/core/usage.ts";
import { diagnose } from "../../../src/pipeline/stages/diagnose.ts";
import { work } from "../../../src/pipeline/stages/work.ts";
import { tellStep } from "../../../src/pipeline/tell-step.ts";
import type { Step } from "../../../src/swarm/step.ts";
import { call, calling } from "../../fakes/fake-model.ts";
import { freshSignal } from "../git/sample-repository.ts";
import { itemOf, stageWorld } from "./stage-world.ts";

const FINISH = calling(call("finish", { summary: "done" }));
const REFUSED = new NexusError("model.refused", "I would rather not.");
const turnOf = ({ messages }: ModelRequest) =>
  messages.filter(({ role }) => role === "assistant").length;
const isFor = (request: ModelRequest, id: string) =>
  JSON.stringify(request.messages).includes(`Goal of ${id}.`);

/** Lets the workers of a plan work, one at a time; what was told of them. */
async function worked(replies: (request: ModelRequest) => ReturnType<typeof calling> | NexusError) {
  const { bench, state, told } = await stageWorld({ replies });
  const goals = (id: string) => ({ goal: `Goal of ${id}.` });
  const items = [
    itemOf("a", goals("a")),
    itemOf("b", goals("b")),
    itemOf("c", { ...goals("c"), dependsOn: ["b"] }),
  ];
  const planned = state({ workPlan: { summary: "s", items, checks: [] } });
  await work({ ...bench, limits: { ...bench.limits, workers: 1 } })(planned, freshSignal());
  return told;
}

it("of each work item is told what becomes of it, of each step what was asked, of each command how it ended", async () => {
  const told = await worked((request) => {
    if (isFor(request, "b")) return REFUSED;
    if (turnOf(request) > 0) return FINISH;
    return calling(
      call("run", { command: "echo yes > a.txt; exit 3" }),
      call("read", { path: "none" }),
    );
  });

  const usage = { calls: 1, input: 10, cachedInput: 0, output: 5 };
  const step = { kind: "step", agent: "a", usage };
  expect(told).toEqual([
    { kind: "item-started", item: "b" },
    { kind: "item-failed", item: "b", code: "model.refused", reason: "I would rather not." },
    { kind: "item-started", item: "a" },
    {
      kind: "command",
      agent: "a",
      command: "echo yes > a.txt; exit 3",
      exitCode: 3,
      ending: "exited",
      durationMs: expect.any(Number),
    },
    {
      ...step,
      number: 1,
      calls: [
        { name: "run", ended: "done" },
        { name: "read", ended: "failed" },
      ],
    },
    { ...step, number: 2, calls: [{ name: "finish", ended: "done" }] },
    { kind: "item-finished", item: "a", files: 1 },
    { kind: "item-not-started", item: "c", because: "b" },
  ]);
});

it("work that is cut off is not told to have failed: it is done again", async () => {
  const broken = new NexusError("sandbox.unavailable", "No Docker.", { retryable: true });
  const { bench, state, told } = await stageWorld({ replies: [] });
  const sandbox = { ...bench.sandbox, open: () => Promise.reject(broken) };
  const planned = state({ workPlan: { summary: "s", items: [itemOf("a")], checks: [] } });

  await expect(work({ ...bench, sandbox })(planned, freshSignal())).rejects.toBe(broken);

  expect(told).toEqual([{ kind: "item-started", item: "a" }]);
});

it("a message to another worker is told without its words", async () => {
  const told = await worked((request) => {
    if (turnOf(request) > 0) return FINISH;
    return isFor(request, "b")
      ? calling(call("post_message", { to: "c", text: "canary" }))
      : FINISH;
  });

  expect(told).toContainEqual({ kind: "posted", from: "b", to: "c" });
  expect(JSON.stringify(told)).not.toContain("canary");
});

it("each check on the base is told with how it ended, without its output", async () => {
  const { bench, state, told } = await stageWorld();

  await diagnose(bench)(state(), freshSignal());

  const ending = { exitCode: 1, ending: "exited", durationMs: expect.any(Number) };
  expect(told).toEqual([{ kind: "check", name: "yes", on: "base", passed: false, ...ending }]);
});

const STEP: Step = { number: 1, text: "I look.", stop: "end", usage: NO_USAGE, calls: [] };

it("with a step is told what the task has cost, and of how much", async () => {
  const { bench, told } = await stageWorld();
  const account = {
    cost: async () => ({ spent: 420_000, isAtMost: false }),
    cap: () => 2_000_000,
    lower: () => undefined,
  };

  await tellStep({ ...bench, account }, "a", STEP);

  expect(told).toEqual([
    { kind: "step", agent: "a", number: 1, usage: NO_USAGE, calls: [], text: "I look." },
    { kind: "spent", spent: 420_000, isAtMost: false, cap: 2_000_000 },
  ]);
});

it("a ledger that does not answer stops no work", async () => {
  const { bench, told } = await stageWorld();
  const gone = new NexusError("store.unavailable", "gone", { retryable: true });
  const account = {
    cost: () => Promise.reject(gone),
    cap: () => undefined,
    lower: () => undefined,
  };

  await tellStep({ ...bench, account }, "a", STEP);

  expect(told).toHaveLength(1);
});
