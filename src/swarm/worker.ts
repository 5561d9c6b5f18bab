import type { Message, Model } from "../core/model.ts";
import { render } from "../core/render.ts";
import type { SandboxSession } from "../core/sandbox.ts";
import { addUsage, NO_USAGE, type Usage } from "../core/usage.ts";
import { ask } from "./ask.ts";
import { type Assignment, openingMessages } from "./assignment.ts";
import { DEFAULT_LIMITS, type WorkerLimits } from "./limits.ts";
import { createPatience } from "./patience.ts";
import { type CommandRules, createCommandGate } from "./policy/command-gate.ts";
import type { Prompts } from "./prompts.ts";
import { createRepetition } from "./repetition.ts";
import { messagesOf, recorded, type Step } from "./step.ts";
import { throwIfStopped } from "./stopped.ts";
import { type Desk, type Turn, takeTurn, WORKER_TOOLS } from "./turn.ts";

/** How a worker ended. What it did is in the sandbox; that it is good is for the checks to say. */
type WorkResult = { readonly usage: Usage; readonly steps: readonly Step[] } & (
  | {
      readonly kind: "finished";
      /** The model's own words, for people to read. Never a verdict. */
      readonly summary: string;
    }
  | { readonly kind: "gave-up"; readonly code: GaveUpCode; readonly reason: string }
);
type GaveUpCode = "too-many-steps" | "malformed" | "looping" | "no-call";

/** The agent that does one work item in a sandbox. */
export interface Worker {
  /**
   * Throws what the model and a broken sandbox throw, and `aborted`. Every step, also the one that breaks off,
   * has been given to `onStep` before.
   */
  work(assignment: Assignment, workplace: Workplace): Promise<WorkResult>;
}

/** Where a worker works. */
interface Workplace {
  readonly session: SandboxSession;
  readonly signal: AbortSignal;
  /** What holds for the commands it asks for; nothing but the policy where it is left out. */
  readonly commands?: CommandRules;
  /** Saves one step; the next begins when it is saved. */
  onStep(step: Step): Promise<void> | void;
}

interface WorkerParts {
  readonly model: Model;
  readonly prompts: Prompts;
  readonly limits?: Partial<WorkerLimits>;
}

type Ending =
  | { readonly kind: "finished"; readonly summary: string }
  | { readonly kind: "gave-up"; readonly code: GaveUpCode; readonly reason: string };

/** A worker that keeps nothing between two items. */
export function createWorker(parts: WorkerParts): Worker {
  const limits = { ...DEFAULT_LIMITS, ...parts.limits };
  return {
    async work(assignment, workplace) {
      const { session, signal } = workplace;
      const { paths } = assignment.item;
      const commands = createCommandGate(workplace.commands ?? { deny: [] });
      const bench = { session, paths, commandTimeoutMs: limits.commandTimeoutMs, commands };
      const desk = { bench, limits, repetition: createRepetition(), signal };
      const history = [...openingMessages(parts.prompts, assignment)];
      return await workOn(history, { ...parts, desk, workplace });
    },
  };
}

async function workOn(
  history: Message[],
  at: WorkerParts & { readonly desk: Desk; readonly workplace: Workplace },
): Promise<WorkResult> {
  const { maxSteps } = at.desk.limits;
  const tools = WORKER_TOOLS.map(({ definition }) => definition);
  const patience = createPatience(at.desk.limits);
  const steps: Step[] = [];
  let usage = NO_USAGE;
  while (steps.length < maxSteps) {
    throwIfStopped(at.workplace.signal);
    const request = { messages: [...history], tools, mustCall: false };
    const reply = await ask(at.model, request, at.workplace.signal);
    usage = addUsage(usage, reply.usage);

    const turn: Turn = { calls: [], ending: { kind: "open" } };
    let step: Step;
    try {
      await takeTurn(reply, turn, at.desk);
    } finally {
      step = recorded(steps.length + 1, reply, turn.calls);
      steps.push(step);
      await at.workplace.onStep(step);
    }
    const ending = endingOf(turn) ?? patience.after(step);
    if (ending) return { ...ending, usage, steps };
    history.push(...messagesOf(step), ...nudge(step, at.prompts));
  }
  const reason = `The work item was not finished after ${maxSteps} steps.`;
  return { kind: "gave-up", code: "too-many-steps", reason, usage, steps };
}

function endingOf({ ending }: Turn): Ending | undefined {
  switch (ending.kind) {
    case "open":
      return undefined;
    case "finished":
      return ending;
    case "looping": {
      const reason = `The worker made the same call to ${ending.tool} with the same result again and again.`;
      return { kind: "gave-up", code: "looping", reason };
    }
    default:
      return ending satisfies never;
  }
}

/** What is said after a reply without a call. */
function nudge(step: Step, prompts: Prompts): readonly Message[] {
  if (step.calls.length > 0) return [];
  const prompt = step.stop === "length" ? "worker-cut-off" : "worker-reminder";
  return [{ role: "user", text: render(prompts[prompt], {}) }];
}
