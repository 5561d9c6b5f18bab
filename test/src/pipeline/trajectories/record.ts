// Records the trajectories anew: `node test/src/pipeline/trajectories/record.ts`. To be done when prompts, tools or the
// loop change on purpose; what then differs in the files is what the change means for a model.
import { mkdir, readdir, rm, writeFile } from "node:fs/promises";
import { record } from "./record-scenario.ts";
import { SCENARIOS } from "./scenarios.ts";
import { FOLDER, trajectoryText } from "./trajectory-file.ts";

await mkdir(FOLDER, { recursive: true });
for (const old of await readdir(FOLDER)) await rm(new URL(old, FOLDER));
for (const scenario of SCENARIOS) {
  const text = trajectoryText(await record(scenario));
  await writeFile(new URL(`${scenario.name}.jsonl`, FOLDER), text);
  process.stdout.write(`${scenario.name}\n`);
}
