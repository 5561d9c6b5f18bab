import { runWorker } from "../../../../src/pipeline/run-worker.ts";
import type { TaskState } from "../../../../src/pipeline/task-state.ts";
import { type Row, readRow } from "../../../../src/pipeline/trajectory.ts";
import type { Workbench } from "../../../../src/pipeline/workbench.ts";
import { createWorker } from "../../../../src/swarm/worker.ts";
import { sampleTask } from "../../../contracts/samples.ts";
import { fakeModel } from "../../../fakes/fake-model.ts";
import { swarmPrompts } from "../../../fakes/swarm-prompts.ts";
import type { Scenario } from "./scenarios.ts";
import { replayWorld, type Trajectory } from "./trajectory-file.ts";

const ITEM = {
  id: "mend-sums",
  title: "Mend the sums",
  department: "backend" as const,
  goal: "The mean of some numbers is their mean.",
  paths: ["src/**"],
  dependsOn: [],
};

/** The run of a worker with the scenario's replies, row by row, as the product records it. */
export async function record(scenario: Scenario): Promise<Trajectory> {
  const { files, replies, limits = {}, notes = "", correction } = scenario;
  await using world = await replayWorld(files);
  const { mirror, sandbox, syntax, commit, signal } = world;
  const rows: Row[] = [];
  const memory = {
    recall: async () => undefined,
    remember: async () => undefined,
    step: async (_agent: string, saved: unknown) => void rows.push(readRow(saved)),
  };
  // All that a worker's run takes of it.
  const bench = {
    mirror: async () => mirror,
    sandbox,
    syntax,
    memory,
    tell: () => undefined,
  } as Pick<Workbench, "mirror" | "sandbox" | "syntax" | "memory" | "tell"> as Workbench;
  const item = { ...ITEM, ...scenario.item };
  const task = { ...sampleTask("recorded"), ...(scenario.dryRun && { dryRun: true }) };
  const workPlan = { summary: "The sums are right again.", items: [item], checks: [] };
  const known: Partial<TaskState> = { task, workPlan, deny: scenario.deny };
  const worker = createWorker({ model: fakeModel(replies), prompts: swarmPrompts, limits });
  const team = { worker, architect: { plan: () => Promise.reject(new Error("Nobody plans.")) } };
  const job = { bench, team, state: known as TaskState, item, commit, notes, correction };
  // An agent that gives up is recorded like any other one.
  await runWorker(job, signal).catch((error: unknown) => {
    if (!rows.some(({ kind }) => kind === "ended")) throw error;
  });
  return { files, task, rows };
}
