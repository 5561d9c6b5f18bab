import { expect, it } from "vitest";
import { repair } from "../../../../src/pipeline/stages/repair.ts";
import { sampleEvidence, sampleTask } from "../../../contracts/samples.ts";
import { freshSignal } from "../../git/sample-repository.ts";
import { stageWorld } from "../stage-world.ts";

const [CHECK] = sampleEvidence.checks;
const RED = {
  ...sampleEvidence,
  passed: false,
  checks: [{ ...CHECK, name: "format", command: "prettier --check .", passed: false, exitCode: 1 }],
} as typeof sampleEvidence; // a check of the sample with other words

it("what a fixer knows is mended at once, but not where people are to see a plan first", async () => {
  const { bench, state } = await stageWorld();
  const open = () => Promise.reject(new Error("opened"));
  const watched = { ...bench, sandbox: { ...bench.sandbox, open } };
  const task = { ...sampleTask("t"), request: "fix the formatting" };
  const red = { task, baseline: RED };
  const first = { ...red, task: { ...task, planFirst: true } };

  const atOnce = repair(watched)(state(red), freshSignal());

  await expect(atOnce).rejects.toThrow("opened");
  expect(await repair(watched)(state(first), freshSignal())).toEqual({});
});
