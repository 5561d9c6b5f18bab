// Records the trajectories anew: `node test/src/pipeline/trajectories/record.ts`. To be done when prompts, tools or the
// loop change on purpose; what then differs in the files is what the change means for a model.
import { mkdir, readdir, rm, writeFile } from "node:fs/promises";
import { PLAN_SCENARIOS } from "./plan-scenarios.ts";
import { recordPlan } from "./record-plan.ts";
import { record } from "./record-scenario.ts";
import { SCENARIOS } from "./scenarios.ts";
import { FOLDER, type Trajectory, trajectoryText } from "./trajectory-file.ts";

await mkdir(FOLDER, { recursive: true });
for (const old of await readdir(FOLDER)) await rm(new URL(old, FOLDER));
for (const scenario of SCENARIOS) await keep(scenario.name, await record(scenario));
for (const scenario of PLAN_SCENARIOS) await keep(scenario.name, await recordPlan(scenario));

async function keep(name: string, trajectory: Trajectory): Promise<void> {
  await writeFile(new URL(`${name}.jsonl`, FOLDER), trajectoryText(trajectory));
  process.stdout.write(`${name}\n`);
}
