import { expect, it } from "vitest";
import type { TaskEvent } from "../../../src/core/event.ts";
import { NO_PROGRESS, progressAfter } from "../../../src/core/progress.ts";
import { NO_USAGE } from "../../../src/core/usage.ts";

const item = (id: string) => ({ id, title: id, department: "backend" as const, dependsOn: [] });
const planned: TaskEvent = { kind: "planned", items: ["a", "b", "c", "d"].map(item) };
const step = (agent: string, number: number): TaskEvent => ({
  kind: "step",
  agent,
  number,
  usage: NO_USAGE,
  calls: [],
});
const after = (...events: readonly TaskEvent[]) => events.reduce(progressAfter, NO_PROGRESS);

it("knows of each work item whether it waits, runs, is done or failed", () => {
  const progress = after(
    planned,
    { kind: "item-started", item: "a" },
    step("a", 1),
    step("a", 2),
    { kind: "item-finished", item: "a", files: 1 },
    { kind: "item-started", item: "b" },
    step("b", 1),
    { kind: "item-failed", item: "b", code: "worker.looping", reason: "again" },
    { kind: "item-not-started", item: "c", because: "b" },
  );

  expect(progress.items).toEqual([
    { id: "a", state: "done", steps: 2 },
    { id: "b", state: "failed", steps: 1 },
    { id: "c", state: "not-started", steps: 0 },
    { id: "d", state: "waiting", steps: 0 },
  ]);
});

it("counts the steps of an item that is begun anew from its beginning", () => {
  const started: TaskEvent = { kind: "item-started", item: "a" };

  expect(after(planned, started, step("a", 7), started).items[0]).toEqual({
    id: "a",
    state: "running",
    steps: 0,
  });
});

it("is not moved by what is no work item of the plan", () => {
  const before = after(planned);
  const others: TaskEvent[] = [
    step("architect", 1),
    step("correction-1", 3),
    { kind: "item-started", item: "nobody" },
    { kind: "stage", stage: "work", phase: "start" },
  ];

  expect(others.reduce(progressAfter, before)).toBe(before);
  expect(others.reduce(progressAfter, NO_PROGRESS)).toBe(NO_PROGRESS);
});
