import type { Message, Model } from "../core/model.ts";
import { addUsage, NO_USAGE, type Usage } from "../core/usage.ts";
import { ask } from "./ask.ts";
import { type Assignment, openingMessages } from "./assignment.ts";
import { createClosing } from "./closing.ts";
import { fileState } from "./file-state.ts";
import { createGuards, type GaveUpCode, type Guards } from "./guards.ts";
import { DEFAULT_LIMITS, type WorkerLimits } from "./limits.ts";
import { createOutputs } from "./outputs.ts";
import { type CommandRules, createCommandGate } from "./policy/command-gate.ts";
import type { Prompts } from "./prompts.ts";
import { createProving, type Proof } from "./proving.ts";
import { createRepetition } from "./repetition.ts";
import { saidAfter } from "./said-after.ts";
import { type Heard, messagesOf, recorded, type Step } from "./step.ts";
import { throwIfStopped } from "./stopped.ts";
import type { Bench } from "./tool.ts";
import { type Desk, openTurn, takeTurn, WORKER_TOOLS } from "./turn.ts";

/** How a worker ended. What it did is in the sandbox; that it is good is for the checks to say. */
type WorkResult = { readonly usage: Usage; readonly steps: readonly Step[] } & Ending;

type Ending =
  | {
      readonly kind: "finished";
      /** The model's own words, for people to read. Never a verdict. */
      readonly summary: string;
      /** The item's own check and the command that the model named, with what they came to. Looked up, not said. */
      readonly proofs: readonly Proof[];
    }
  | { readonly kind: "gave-up"; readonly code: GaveUpCode; readonly reason: string };

/** The agent that does one work item in a sandbox. */
export interface Worker {
  /** The bounds of its loop, for the record; absent where it has none. */
  readonly limits?: WorkerLimits;
  /**
   * Throws what the model, a broken sandbox and what the swarm offers throw, and `aborted`. Every step, also the one
   * that breaks off, has been given to `onStep` before.
   */
  work(assignment: Assignment, workplace: Workplace): Promise<WorkResult>;
}

/** Where a worker works, and what it may reach there. */
interface Workplace extends Pick<Bench, "session" | "syntax" | "context" | "seat"> {
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
  /** Milliseconds of any clock that only goes on; without one there is no limit of time. */
  readonly now?: () => number;
}

/** A worker that keeps nothing between two items. */
export function createWorker(parts: WorkerParts): Worker {
  const limits = { ...DEFAULT_LIMITS, ...parts.limits };
  return {
    limits,
    async work(assignment, workplace) {
      const { session, signal, syntax, context, seat } = workplace;
      const { item } = assignment;
      const { commandTimeoutMs } = limits;
      const commands = createCommandGate(workplace.commands ?? { deny: [] });
      const proving = createProving(() => {
        throwIfStopped(signal);
        return fileState(session);
      });
      const outputs = createOutputs();
      const offered = { syntax, context, seat };
      const bench = { session, item, commandTimeoutMs, commands, proving, outputs, ...offered };
      const closing = createClosing(item, proving);
      const desk = { bench, limits, closing, repetition: createRepetition(), signal };
      const guards = createGuards(limits, parts.now);
      const history = [...openingMessages(parts.prompts, assignment)];
      return await workOn(history, { ...parts, desk, workplace, guards });
    },
  };
}

interface At extends WorkerParts {
  readonly desk: Desk;
  readonly workplace: Workplace;
  readonly guards: Guards;
}

async function workOn(history: Message[], at: At): Promise<WorkResult> {
  const { signal } = at.workplace;
  const tools = WORKER_TOOLS.map(({ definition }) => definition);
  const steps: Step[] = [];
  let usage = NO_USAGE;
  for (;;) {
    throwIfStopped(signal);
    const reply = await ask(at.model, { messages: [...history], tools, mustCall: false }, signal);
    usage = addUsage(usage, reply.usage);

    const turn = openTurn();
    let step: Step;
    let heard: readonly Heard[] = [];
    try {
      await takeTurn(reply, turn, at.desk);
      // Who has ended reads nothing any more.
      if (turn.ending.kind === "open") heard = at.workplace.seat?.heard() ?? [];
    } finally {
      const made = recorded(steps.length + 1, reply, turn.calls);
      step = { ...made, ...(heard.length > 0 && { heard: [...heard] }) };
      steps.push(step);
      await at.workplace.onStep(step);
    }
    if (turn.ending.kind === "finished") return { ...turn.ending, usage, steps };
    const judged = at.guards.after(step, { turn, usage });
    if (judged.kind === "gave-up") return { ...judged, usage, steps };
    history.push(...messagesOf(step), ...saidAfter(step, judged.isIdle, at.prompts));
  }
}
