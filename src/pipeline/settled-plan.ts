import { code } from "../conversation/escape.ts";
import { planWithout } from "../conversation/plan-edits.ts";
import type { Plan } from "../core/plan.ts";
import type { Question } from "../core/question.ts";
import { addUsage, type Usage } from "../core/usage.ts";
import { isGlob } from "../swarm/glob.ts";
import type { Heard } from "./heard-plan.ts";
import { baseOf, headOf, type StageUpdate, type TaskState } from "./task-state.ts";
import type { Workbench } from "./workbench.ts";

/** How often people are asked about one task. */
const MOST_QUESTIONS = 3;
/** What people read of why they are asked again. */
const MOST_REASONS = 5;

interface Planned {
  readonly plan: Plan;
  readonly usage: Usage;
  /** What people said to the plan before; absent where nobody was asked yet. */
  readonly heard?: Extract<Heard, { kind: "to-revise" }> | undefined;
}

/** The architect's plan goes to the workers, or to people first. */
export async function settledPlan(
  bench: Workbench,
  state: TaskState,
  { plan: made, usage, heard }: Planned,
): Promise<StageUpdate> {
  const without = heard?.without ?? [];
  const edited = planWithout(made, without);
  const plan = "plan" in edited ? edited.plan : made;
  const problem = "problem" in edited ? edited.problem : lossIn(plan, heard);
  const open = plan.questions ?? [];
  const isUnseen = heard ? !heard.isWished : state.task.planFirst === true;
  if (open.length === 0 && problem === undefined && !isUnseen) return { workPlan: plan, usage };
  if ((state.asked?.answers.length ?? 0) >= MOST_QUESTIONS) return { usage, outcome: UNSETTLED };

  const reason = reasonOf(heard, problem);
  const question: Question = {
    plan,
    base: baseOf(state),
    named: await namedFiles(bench, state, plan),
    ...(reason !== undefined && { reason }),
    // What contradicts itself is decided anew.
    without: "problem" in edited ? [] : [...without],
    usage: addUsage(state.usage, usage),
  };
  return { usage, question };
}

const UNSETTLED = {
  kind: "not-approved",
  because: "unsettled",
  reason: `People were asked ${MOST_QUESTIONS} times, and the plan still cannot be carried out without asking. A request that says more makes a new one.`,
} as const;

/** What people named to stay is not the architect's to drop: they look once more. */
function lossIn({ items }: Plan, heard: Planned["heard"]): string | undefined {
  const lost = (heard?.kept ?? []).filter((kept) => !items.some(({ id }) => id === kept));
  if (lost.length === 0) return undefined;
  return `It was to keep ${lost.map((id) => code(id)).join(", ")}, and has no such work item any more.`;
}

function reasonOf(heard: Planned["heard"], problem: string | undefined): string | undefined {
  if (!heard) return undefined;
  const why = [...heard.broken, ...(problem === undefined ? [] : [problem])];
  if (why.length === 0) return "The plan was made anew by what was said.";
  const rest = why.length - MOST_REASONS;
  const told = [...why.slice(0, MOST_REASONS), ...(rest > 0 ? [`And ${rest} more.`] : [])];
  return `The plan was made anew, since it cannot be carried out as it was: ${told.join(" ")}`;
}

/** What the plan counts on: missed when it is carried out later. */
async function namedFiles(bench: Workbench, state: TaskState, plan: Plan): Promise<string[]> {
  const mirror = await bench.mirror();
  const files = new Set(await mirror.listFiles(headOf(state)));
  const paths = plan.items.flatMap((item) => item.paths);
  return [...new Set(paths)].filter((path) => !isGlob(path) && files.has(path));
}
