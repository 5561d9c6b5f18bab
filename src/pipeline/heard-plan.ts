import { code, inline } from "../conversation/escape.ts";
import { planWithout } from "../conversation/plan-edits.ts";
import type { Plan } from "../core/plan.ts";
import type { Asked } from "../core/question.ts";
import type { Revision } from "../swarm/brief.ts";
import { planProblems, type Repository } from "../swarm/plan-rules.ts";

/** What people's word makes of the plan that they saw. */
export type Heard =
  | { readonly kind: "approved"; readonly plan: Plan }
  | {
      readonly kind: "to-revise";
      readonly revision: Revision;
      /** Ids of all work items that people left out. */
      readonly without: readonly string[];
      /** Ids of the work items that people named to stay. */
      readonly kept: readonly string[];
      /** Why the plan cannot be carried out as it is, in Markdown; empty where only people want it otherwise. */
      readonly broken: readonly string[];
      /** Whether people left it to the architect how the plan changes. */
      readonly isWished: boolean;
    };

/** Carries out what code can of the last answer, and holds the plan against the repository as it is now. */
export async function heardPlan(
  { question, answers }: Asked,
  repository: Repository,
): Promise<Heard> {
  const { files } = repository;
  const { words = "", without: left = [], kept = [] } = answers.at(-1) ?? {};
  const without = [...new Set([...question.without, ...left])];
  const edited = planWithout(question.plan, without);
  const plan = "plan" in edited ? edited.plan : question.plan;
  const named = new Set(plan.items.flatMap(({ paths }) => paths));
  const gone = question.named.filter((path) => named.has(path) && !files.includes(path));
  const problems = await planProblems(plan, repository);
  const broken = [
    ...("problem" in edited ? [edited.problem] : []),
    ...gone.map((path) => `${code(path)} is gone.`),
    ...problems.map((problem) => inline(problem, 300)),
  ];
  if (words === "" && broken.length === 0) return { kind: "approved", plan };
  const goneNow = gone.map((path) => `The file ${JSON.stringify(path)} is gone.`);
  const reply = [words, ...goneNow, ...problems].filter((line) => line !== "").join("\n");
  const revision = { plan, reply };
  return { kind: "to-revise", revision, without, kept, broken, isWished: words !== "" };
}
