import type { ModelReply } from "../core/model.ts";
import { Plan } from "../core/plan.ts";
import { planProblems, type Repository } from "./plan-rules.ts";
import { parseInput, schemaProblem } from "./tool.ts";

/** The one tool of the architect. */
export const SUBMIT_PLAN = {
  name: "submit_plan",
  description: "Hands in the plan. Call it exactly once.",
  input: Plan,
};

/** A plan that can be worked on, or what is wrong, in words for the model. */
export type ReadPlan = { readonly plan: Plan } | { readonly problem: string };

/** Reads the plan out of a reply, and holds it against the rules and the files of the repository. */
export function readPlan(reply: ModelReply, repository: Repository): ReadPlan {
  if (reply.stop === "length") {
    return { problem: "The reply was cut off because it was too long. Make the plan shorter." };
  }
  const [call] = reply.calls;
  if (call === undefined) return { problem: "The reply does not call submit_plan." };
  if (reply.calls.length > 1) {
    return { problem: `The reply makes ${reply.calls.length} calls, where one is allowed.` };
  }
  if (call.name !== SUBMIT_PLAN.name) {
    return { problem: "The reply calls a tool that there is not. There is only submit_plan." };
  }
  const json = parseInput(call);
  return "problem" in json ? json : readItems(json.input, repository);
}

function readItems(input: unknown, repository: Repository): ReadPlan {
  const { data: plan, error } = Plan.safeParse(input);
  if (error) return { problem: schemaProblem(error) };
  const problems = planProblems(plan, repository);
  return problems.length === 0 ? { plan } : { problem: problems.join("\n") };
}
