import { describe, expect, it } from "vitest";
import { modelsOf, trajectoryEnd } from "../../../../src/pipeline/correction/trajectory-end.ts";
import type { Step } from "../../../../src/swarm/step.ts";

function step(number: number, changes: Partial<Step> = {}): Step {
  return {
    number,
    text: `I look at ${number}.`,
    stop: "calls",
    usage: { calls: 1, input: 1, cachedInput: 0, output: 1 },
    calls: [{ id: "c", name: "read", input: '{"path":"a"}', kind: "done", result: "one" }],
    ...changes,
  };
}

const served = (provider: string, model: string) => ({
  served: { provider, model, waitedMs: 0, attempts: [] },
});

describe("the end of a trajectory", () => {
  it("is the last steps with what was said, asked and answered", () => {
    const end = trajectoryEnd([step(1), step(2, { text: "", calls: [] })]);

    expect(end).toBe('Step 1:\nI look at 1.\nread {"path":"a"}\n→ done: one\n\nStep 2:');
  });

  it("leaves out what was long before", () => {
    const end = trajectoryEnd(Array.from({ length: 30 }, (_, at) => step(at + 1)));

    expect(end).not.toContain("Step 22:");
    expect(end).toMatch(/^Step 23:/);
    expect(end).toContain("Step 30:");
  });

  it("is bounded, however long replies and results are", () => {
    const long = "x".repeat(200_000);
    const calls = [{ id: "c", name: "read", input: long, kind: "done", result: long } as const];
    const steps = Array.from({ length: 9 }, (_, at) => step(at + 1, { text: long, calls }));

    expect(trajectoryEnd(steps).length).toBeLessThan(13_000);
  });

  it("is nothing of nothing", () => {
    expect(trajectoryEnd([])).toBe("");
  });
});

it("who replied is named once each, where it is known", () => {
  const steps = [step(1, served("local", "a")), step(2), step(3, served("local", "a"))];

  expect(modelsOf([...steps, step(4, served("openai", "b"))])).toEqual(["local:a", "openai:b"]);
});
