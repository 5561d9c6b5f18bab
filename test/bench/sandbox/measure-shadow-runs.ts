import type { Workspace } from "../../../src/core/sandbox.ts";
import { type Measuring, warmSlot } from "./measure-runs.ts";
import type { Place } from "./place.ts";
import { runProgram } from "./programs.ts";

/** What is measured, by its name in the table. */
export const SHADOW_RUNS = {
  native: "1 s test, native",
  slot: "1 s test, whole shadow run, warm slot",
  fresh: "1 s test, whole shadow run, new container",
} as const;

/** Reads the first folders again and again for most of a second, as tests do; what it needs to start comes on top. */
const TEST = `
const { readdirSync, readFileSync } = require("node:fs");
const end = performance.now() + 950;
while (performance.now() < end)
  for (const folder of readdirSync("part-0"))
    for (const file of readdirSync("part-0/" + folder)) readFileSync("part-0/" + folder + "/" + file);
`;

/** A test of one second: by itself, and from opening a sandbox until the sandbox is closed again. */
export async function measureShadowRuns(measuring: Measuring): Promise<void> {
  const { place, samples, subjects, rounds } = measuring;
  for (let round = 0; round < rounds; round += 1) {
    for (const subject of round % 2 === 0 ? subjects : subjects.toReversed()) {
      const { files, checkout } = subject;
      await samples.time({ what: SHADOW_RUNS.native, files }, () =>
        runProgram(process.execPath, ["-e", TEST], { cwd: checkout }),
      );
      const slot = place.workspace(subject);
      await warmSlot(place, slot);
      await samples.time({ what: SHADOW_RUNS.slot, files }, () => shadowRun(place, slot));
      const fresh = place.workspace(subject);
      await samples.time({ what: SHADOW_RUNS.fresh, files }, () => shadowRun(place, fresh));
    }
  }
}

async function shadowRun({ sandbox }: Place, workspace: Workspace): Promise<void> {
  await using session = await sandbox.open(workspace, new AbortController().signal);
  const { exitCode, output } = await session.run(["node", "-e", TEST]);
  if (exitCode !== 0) throw new Error(`The test failed: ${output}`);
  const edits = await session.changes();
  if (edits.length > 0) throw new Error("The test changed files.");
}
