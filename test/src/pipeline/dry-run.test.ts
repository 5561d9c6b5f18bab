import { expect, it } from "vitest";
import { diagnose } from "../../../src/pipeline/stages/diagnose.ts";
import { verify } from "../../../src/pipeline/stages/verify.ts";
import { work } from "../../../src/pipeline/stages/work.ts";
import { workspaceOf } from "../../../src/pipeline/workspace.ts";
import type { Worker } from "../../../src/swarm/worker.ts";
import { sampleTask } from "../../contracts/samples.ts";
import { itemOf } from "./stage-world.ts";
import { planOf, USAGE, watchedBench } from "./watched-bench.ts";

const DRY = { dryRun: true };

it("without a model a dry run ends with the checks that would run, and opens nothing", async () => {
  const { bench, state, opened, signal } = await watchedBench();
  const task = { ...state().task, ...DRY };

  const { outcome } = await diagnose(bench)(state({ task }), signal);

  expect(outcome).toMatchObject({
    kind: "dry-run",
    commands: [{ purpose: "check yes on the base", command: expect.stringContaining("grep") }],
    files: [],
  });
  expect(opened).toEqual([]);
});

it("with a model the checks on the base are written down and the road goes on", async () => {
  const { bench, state, opened, signal } = await watchedBench({ team: {} });
  const task = { ...state().task, ...DRY };

  const update = await diagnose(bench)(state({ task }), signal);

  expect(update.outcome).toBeUndefined();
  expect(update.written).toHaveLength(1);
  expect(opened).toEqual([]);
});

it("what a worker asks to be run is written down, what it writes is kept, nothing is executed", async () => {
  const worker: Worker = {
    async work(_assignment, { session, commands }) {
      commands?.record?.("npm test");
      await session.run(["sh", "-c", "echo yes > a.txt"]);
      return { kind: "finished", summary: "done", proofs: [], usage: USAGE, steps: [] };
    },
  };
  const { bench, state, signal } = await watchedBench({ team: { worker } });
  const workPlan = planOf(itemOf("a"));
  const task = { ...state().task, ...DRY };

  const update = await work(bench)(state({ task, workPlan }), signal);

  expect(update.written).toEqual([{ purpose: "worker on a", command: "npm test" }]);
  expect(update.results).toMatchObject([{ changeSet: { files: [{ path: "a.txt" }] } }]);
});

it("ends before the shadow run, with everything that was written down and the files that would change", async () => {
  const { bench, state, branchSaying, opened, signal } = await watchedBench({ team: {} });
  const branch = await branchSaying("yes\n");
  opened.length = 0;
  const task = { ...state().task, ...DRY };
  const written = [{ purpose: "worker on a", command: "npm test" }];
  const workPlan = planOf(itemOf("a"));

  const { outcome } = await verify(bench)(state({ ...branch, task, written, workPlan }), signal);

  expect(outcome).toMatchObject({
    kind: "dry-run",
    commands: [{ command: "npm test" }, { purpose: "check yes on the result" }],
    plan: workPlan,
    files: [{ path: "a.txt", status: "modified" }],
  });
  expect(opened).toEqual([]);
});

it("installs nothing, whatever the default branch asks for", () => {
  const task = { ...sampleTask("t"), ...DRY };
  const environment = { image: "node:24", setup: ["npm ci"] };

  const workspace = workspaceOf({ gitDir: "/mirror" }, { task, environment }, "abc");

  expect(workspace.environment).toEqual({ image: "node:24", setup: [] });
});
