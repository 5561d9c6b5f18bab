import { plan } from "../../../../src/pipeline/stages/plan.ts";
import type { TaskState } from "../../../../src/pipeline/task-state.ts";
import { type Row, readRow } from "../../../../src/pipeline/trajectory.ts";
import type { Workbench } from "../../../../src/pipeline/workbench.ts";
import { createArchitect } from "../../../../src/swarm/architect.ts";
import { sampleTask } from "../../../contracts/samples.ts";
import { fakeModel } from "../../../fakes/fake-model.ts";
import { swarmPrompts } from "../../../fakes/swarm-prompts.ts";
import type { PlanScenario } from "./plan-scenarios.ts";
import { replayWorld, type Trajectory } from "./trajectory-file.ts";

/** What the architect does with the scenario's replies, row by row, as the product records it. */
export async function recordPlan(scenario: PlanScenario): Promise<Trajectory> {
  const { files, request, replies, limits = {} } = scenario;
  await using world = await replayWorld(files);
  const { mirror, sandbox, syntax, commit, signal } = world;
  const rows: Row[] = [];
  const issue = { title: "The sums are wrong", body: "The mean of 1 and 3 is NaN.", author: "ana" };
  // All that the stage takes of it.
  const bench = {
    platform: async () => ({ issue: async () => ({ ...issue, state: "open" }) }),
    mirror: async () => mirror,
    sandbox,
    syntax,
    desk: { track: async () => undefined },
    memory: { step: async (_agent: string, saved: unknown) => void rows.push(readRow(saved)) },
    tell: () => undefined,
    team: {
      architect: createArchitect({ model: fakeModel(replies), prompts: swarmPrompts, limits }),
    },
  } as unknown as Workbench;
  const task = { ...sampleTask("recorded"), request };
  const known = { task, base: { branch: "main", commit }, ...heardIn(scenario, commit) };
  await plan(bench)(known as unknown as TaskState, signal);
  return { files, task, rows };
}

function heardIn({ checks, deny, answered }: PlanScenario, commit: string) {
  const question = answered && {
    plan: answered.plan,
    base: { branch: "main", commit },
    named: [],
    without: [],
  };
  return {
    deny,
    ...(checks && { baseline: { checks } }),
    ...(answered && { asked: { question, answers: [{ words: answered.words, without: [] }] } }),
  };
}
