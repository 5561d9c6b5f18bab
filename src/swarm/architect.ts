import type { Message, Model } from "../core/model.ts";
import type { Plan } from "../core/plan.ts";
import { render } from "../core/render.ts";
import { addUsage, NO_USAGE, type Usage } from "../core/usage.ts";
import { type DraftingTable, takeArchitectTurn } from "./architect-turn.ts";
import { ask } from "./ask.ts";
import type { Brief } from "./brief.ts";
import { renderBrief } from "./brief-text.ts";
import type { Library } from "./library.ts";
import { createLookUpBudget, LOOK_UP_LIMITS, type LookUpLimits } from "./look-up-budget.ts";
import { LOOK_UPS } from "./look-ups.ts";
import { HAND_INS } from "./plan-reply.ts";
import type { Prompts } from "./prompts.ts";
import { messagesOf, recorded, type Step } from "./step.ts";

/** A plan that can be worked on, or why the model did not come up with one. */
export type PlanResult = { readonly usage: Usage; readonly steps: readonly Step[] } & (
  | { readonly kind: "planned"; readonly plan: Plan }
  | { readonly kind: "malformed"; readonly reason: string }
);

/** What goes on while the architect thinks. */
interface Planning {
  readonly signal: AbortSignal;
  /** Where it can look things up. */
  readonly library: Library;
  /** Saves one step; the next begins when it is saved. */
  readonly onStep?: (step: Step) => Promise<void> | void;
}

/** The agent that turns a task into a plan. */
export interface Architect {
  /** The bounds of its look-ups, where it has any of its own. */
  readonly limits?: LookUpLimits;
  /** Throws what the model and the library throw: NexusError `model.*`, `git.*` and `aborted`. */
  plan(brief: Brief, planning: Planning): Promise<PlanResult>;
}

interface ArchitectParts {
  readonly model: Model;
  readonly prompts: Prompts;
  readonly limits?: Partial<LookUpLimits>;
}

/** How many replies that bring nothing go back to the model. */
const MAX_CORRECTIONS = 3;

const DECIDE = HAND_INS;
const LOOK_OR_DECIDE = [...LOOK_UPS.map(({ definition }) => definition), ...HAND_INS];

/** An architect that keeps nothing between two plans. */
export function createArchitect(parts: ArchitectParts): Architect {
  const { model, prompts } = parts;
  const limits = { ...LOOK_UP_LIMITS, ...parts.limits };
  return {
    limits,
    async plan(brief, { signal, library, onStep }) {
      const history: Message[] = [
        { role: "system", text: render(prompts.architect, {}) },
        { role: "user", text: renderBrief(prompts, brief) },
      ];
      const table = tableOf(brief, { prompts, limits }, { library, signal });
      const steps: Step[] = [];
      const problems: string[] = [];
      let usage = NO_USAGE;
      while (problems.length <= MAX_CORRECTIONS) {
        const tools = table.budget.exhausted() === undefined ? LOOK_OR_DECIDE : DECIDE;
        const request = { messages: [...history], tools, mustCall: true };
        const reply = await ask(model, request, signal);
        usage = addUsage(usage, reply.usage);
        table.budget.paid(reply.usage);
        const turn = await takeArchitectTurn(reply, table);
        const step = recorded(steps.length + 1, reply, turn.calls);
        steps.push(step);
        await onStep?.(step);
        if (turn.plan) return { kind: "planned", plan: turn.plan, usage, steps };
        if (turn.problem !== undefined) problems.push(turn.problem);
        history.push(...messagesOf(step), ...nudge(prompts, step, turn.problem));
      }
      return { kind: "malformed", reason: problems.at(-1) ?? "", usage, steps };
    },
  };
}

function tableOf(
  { paths, deny }: Brief,
  { prompts, limits }: Pick<DraftingTable, "prompts"> & { readonly limits: LookUpLimits },
  { library, signal }: Pick<Planning, "library" | "signal">,
): DraftingTable {
  return {
    shelf: { paths, library },
    repository: { files: paths, deny, definitions: (path) => library.definitions(path) },
    budget: createLookUpBudget(limits),
    prompts,
    signal,
  };
}

/** What is said after a reply without a call. */
function nudge(prompts: Prompts, step: Step, problem = ""): readonly Message[] {
  if (step.calls.length > 0) return [];
  return [{ role: "user", text: render(prompts["architect-correction"], { problem }) }];
}
