import type { Message, Model, ModelReply } from "../core/model.ts";
import { Plan } from "../core/plan.ts";
import { addUsage, NO_USAGE, type Usage } from "../core/usage.ts";
import { type Brief, renderBrief } from "./brief.ts";
import { planProblems } from "./plan-rules.ts";
import type { Prompts } from "./prompts.ts";
import { render } from "./render.ts";
import { type CallStep, messagesOf, recorded, type Step, withOwnIds } from "./step.ts";
import { parseInput, schemaProblem } from "./tool.ts";

/** A plan that can be worked on, or why the model did not come up with one. */
export type PlanResult = { readonly usage: Usage; readonly steps: readonly Step[] } & (
  | { readonly kind: "planned"; readonly plan: Plan }
  | { readonly kind: "malformed"; readonly reason: string }
);

/** The agent that turns a task into a plan. */
export interface Architect {
  /** Throws what the model throws: NexusError `model.*` and `aborted`. */
  plan(brief: Brief, signal: AbortSignal): Promise<PlanResult>;
}

/** How often a plan goes back to the model. */
const MAX_CORRECTIONS = 3;

const SUBMIT_PLAN = {
  name: "submit_plan",
  description: "Hands in the plan. Call it exactly once.",
  input: Plan,
};

/** An architect that keeps nothing between two plans. */
export function createArchitect({ model, prompts }: { model: Model; prompts: Prompts }): Architect {
  return {
    async plan(brief, signal) {
      const history: Message[] = [
        { role: "system", text: render(prompts.architect, {}) },
        { role: "user", text: renderBrief(prompts, brief) },
      ];
      const steps: Step[] = [];
      let usage = NO_USAGE;
      let reason = "";
      while (steps.length <= MAX_CORRECTIONS) {
        const request = { messages: [...history], tools: [SUBMIT_PLAN], mustCall: true };
        const reply = await model.reply(request, signal);
        usage = addUsage(usage, reply.usage);
        const read = readPlan(reply, brief.paths);
        if ("plan" in read) {
          steps.push(judged(steps.length, reply, { kind: "done", result: "Accepted." }));
          return { kind: "planned", plan: read.plan, usage, steps };
        }
        reason = read.problem;
        const correction = render(prompts["architect-correction"], { problem: reason });
        const step = judged(steps.length, reply, { kind: "malformed", result: correction });
        steps.push(step);
        history.push(...messagesOf(step));
        if (step.calls.length === 0) history.push({ role: "user", text: correction });
      }
      return { kind: "malformed", reason, usage, steps };
    },
  };
}

type ReadPlan = { readonly plan: Plan } | { readonly problem: string };

function readPlan(reply: ModelReply, files: readonly string[]): ReadPlan {
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
  return "problem" in json ? json : readItems(json.input, files);
}

function readItems(input: unknown, files: readonly string[]): ReadPlan {
  const { data: plan, error } = Plan.safeParse(input);
  if (error) return { problem: schemaProblem(error) };
  const problems = planProblems(plan, files);
  return problems.length === 0 ? { plan } : { problem: problems.join("\n") };
}

const MAX_CALLS = 16;

/** Every call of the reply is answered; which of several was meant cannot be known. */
function judged(
  before: number,
  reply: ModelReply,
  verdict: Pick<CallStep, "kind" | "result">,
): Step {
  const calls = withOwnIds(reply.calls.slice(0, MAX_CALLS));
  return recorded(
    before + 1,
    reply,
    calls.map((call) => ({ ...call, ...verdict })),
  );
}
