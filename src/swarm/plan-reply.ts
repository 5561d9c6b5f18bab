import { z } from "zod";
import type { ModelReply, ToolCall } from "../core/model.ts";
import { Plan, WorkItem } from "../core/plan.ts";
import { planProblems, type Repository } from "./plan-rules.ts";
import { parseInput, schemaProblem } from "./tool.ts";

/** Hands in a plan of any number of items. */
const SUBMIT_PLAN = {
  name: "submit_plan",
  description: "Hands in the plan. Call it alone.",
  input: Plan,
};

/** What is left to say where one worker does everything. */
const OneWorker = z.object({
  summary: Plan.shape.summary,
  ...WorkItem.pick({
    goal: true,
    department: true,
    paths: true,
    reads: true,
    acceptance: true,
    estimate: true,
  }).shape,
  checks: Plan.shape.checks.optional(),
  ...Plan.pick({ risks: true, questions: true }).shape,
});

const ONE_WORKER = {
  name: "one_worker",
  description: "Hands in a plan of one work item: one worker does everything. Call it alone.",
  input: OneWorker,
};

/** The tools that end the architect's work. */
export const HAND_INS = [SUBMIT_PLAN, ONE_WORKER] as const;

/** A plan that can be worked on, or what is wrong, in words for the model. */
export type ReadPlan = { readonly plan: Plan } | { readonly problem: string };

/** Reads the plan out of a reply, and holds it against the rules and the files of the repository. */
export async function readPlan(reply: ModelReply, repository: Repository): Promise<ReadPlan> {
  if (reply.stop === "length") {
    return { problem: "The reply was cut off because it was too long. Make the plan shorter." };
  }
  const [call] = reply.calls;
  if (call === undefined) return { problem: withoutCall(reply.text) };
  if (reply.calls.length > 1) {
    return {
      problem: `The reply makes ${reply.calls.length} calls, where one is allowed: a plan is handed in alone.`,
    };
  }
  const read = handedIn(call);
  if ("problem" in read) return read;
  const problems = await planProblems(read.plan, repository);
  return problems.length === 0 ? read : { problem: problems.join("\n") };
}

/** A weak model writes down the call instead of making it. */
function withoutCall(text: string): string {
  const isWritten = /\{[\s\S]*"(?:items|goal|paths)"/.test(text);
  return isWritten
    ? "The reply does not call submit_plan: the plan stands in its text, which nobody reads. Hand the same JSON in as the input of the call."
    : "The reply does not call submit_plan or one_worker.";
}

function handedIn(call: ToolCall): ReadPlan {
  if (!HAND_INS.some(({ name }) => name === call.name)) {
    return {
      problem: "The reply calls a tool that there is not. Hand in with submit_plan or one_worker.",
    };
  }
  const json = parseInput(call);
  if ("problem" in json) {
    const isFenced = /^\s*```/.test(call.input);
    return { problem: isFenced ? `${json.problem} Leave out the fences (\`\`\`).` : json.problem };
  }
  const input = unwrapped(json.input);
  if (input !== json.input) {
    return { problem: "The plan is wrapped in another object. Its fields are the input itself." };
  }
  return call.name === SUBMIT_PLAN.name ? fullPlan(input) : planOfOne(input);
}

/** What stands in the only field of an object that has nothing else. */
function unwrapped(input: unknown): unknown {
  if (typeof input !== "object" || input === null || Array.isArray(input)) return input;
  const [[, only] = [], ...others] = Object.entries(input);
  const isPlan = typeof only === "object" && only !== null && !Array.isArray(only);
  return others.length === 0 && isPlan ? only : input;
}

function fullPlan(input: unknown): ReadPlan {
  const { data: plan, error } = Plan.safeParse(input);
  return error ? { problem: schemaProblem(error) } : { plan };
}

function planOfOne(input: unknown): ReadPlan {
  const { data, error } = OneWorker.safeParse(input);
  if (error) return { problem: schemaProblem(error) };
  const { summary, checks = [], risks, questions, ...work } = data;
  const title = summary.split("\n")[0]?.slice(0, 120).toWellFormed().trim() || "The whole change";
  return {
    plan: {
      summary,
      items: [{ id: "change", title, ...work, dependsOn: [] }],
      checks,
      ...(risks && { risks }),
      ...(questions && { questions }),
    },
  };
}
