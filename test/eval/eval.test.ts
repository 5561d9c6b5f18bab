import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { openModel } from "../../src/models/open-model.ts";
import { type LocalRoad, openLocalRoad } from "../world/local-road.ts";
import type { Script } from "../world/model/script.ts";
import { startScriptedModel } from "../world/model/scripted-model.ts";
import { type EvalTask, evalTaskNames, readEvalTask } from "./eval-task.ts";
import { evaluate } from "./evaluate.ts";
import { recordedModel } from "./recorded-model.ts";

const NAMES = await evalTaskNames();
let road: LocalRoad;

beforeAll(async () => {
  road = await openLocalRoad("eval-test");
});
afterAll(async () => {
  await road[Symbol.asyncDispose]();
});

async function evaluated(task: EvalTask, script: Script) {
  await using server = await startScriptedModel(script);
  const named = { provider: "local", model: "recorded" } as const;
  const model = openModel({ ...named, baseUrl: server.url, timeoutMs: 120_000 });
  const result = await evaluate(task, { road, model });
  return { ...result, violations: server.violations };
}

describe("the tasks for evaluation", () => {
  it("are at least ten", () => {
    expect(NAMES.length).toBeGreaterThanOrEqual(10);
  });

  it.each(NAMES)("%s is solved by its recording", async (name) => {
    const task = await readEvalTask(name);

    const result = await evaluated(task, recordedModel(task.recording));

    expect(result).toMatchObject({ solved: true, why: "", violations: [] });
    expect(result.tokensOut).toBeGreaterThan(0);
  });

  it.each(NAMES)("%s is not solved by a change that does not do it", async (name) => {
    const task = await readEvalTask(name);
    const idle = {
      plan: {
        summary: "A note.",
        items: [
          {
            id: "note",
            title: "Write a note",
            department: "product",
            goal: "Write a note.",
            paths: ["NOTE.md"],
            dependsOn: [],
          },
        ],
        checks: [],
      },
      workers: {
        note: [
          [{ name: "edit", input: { path: "NOTE.md", old: "", new: "All done, all green.\n" } }],
          [{ name: "finish", input: { summary: "All done, all green." } }],
        ],
      },
    };

    const result = await evaluated(task, recordedModel(idle));

    expect(result.solved).toBe(false);
    expect(result.why).toMatch(/the hidden check says no|changed NOTE\.md, too/);
  });
});

describe("what cannot be evaluated", () => {
  it("is told with the names that there are", async () => {
    const reading = readEvalTask("../tasks");

    await expect(reading).rejects.toMatchObject({
      code: "config.invalid",
      message: 'There is no task "../tasks".',
      hint: expect.stringContaining("off-by-one"),
    });
  });

  it("ends as unsolved where the model does not answer", async () => {
    const task = await readEvalTask("off-by-one");

    const result = await evaluated(task, () => ({ status: 401 }));

    expect(result).toMatchObject({ solved: false, why: "ended as model-failed" });
  });
});
