import { expect, it } from "vitest";
import { type Answer, taskAfter } from "../../../src/core/question.ts";
import { sampleTask } from "../../contracts/samples.ts";

const task = { ...sampleTask("t"), budget: 3 };

function answer(changes: Partial<Answer>): Answer {
  return { id: "d", by: "ana", commentId: 1, said: "", words: "", without: [], ...changes };
}

it.each([
  ["nothing", [], { budget: 3 }],
  ["a lower budget", [answer({ budget: 2 }), answer({})], { budget: 2 }],
  ["a higher budget, which raises nothing", [answer({ budget: 9 })], { budget: 3 }],
  ["a dry run, once", [answer({ dryRun: true }), answer({})], { budget: 3, dryRun: true }],
  ["to be held", [answer({ hold: true })], { budget: 3, hold: true }],
])("a task whose people answered with %s", (_name, answers, left) => {
  expect(taskAfter(task, answers)).toEqual({ ...task, ...left });
});
