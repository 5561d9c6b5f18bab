import { clip } from "../core/clip.ts";
import type { ModelReply, ToolCall } from "../core/model.ts";
import type { Plan } from "../core/plan.ts";
import { render } from "../core/render.ts";
import { visible } from "../core/untrusted.ts";
import type { LookUpBudget } from "./look-up-budget.ts";
import { LOOK_UPS, type Shelf } from "./look-ups.ts";
import { readPlan } from "./plan-reply.ts";
import type { Repository } from "./plan-rules.ts";
import type { Prompts } from "./prompts.ts";
import { type CallStep, withOwnIds } from "./step.ts";
import { throwIfStopped } from "./stopped.ts";
import { parseInput, type ToolResult } from "./tool.ts";

const MAX_CALLS = 16;

/** What stays the same over all turns of one plan. */
export interface DraftingTable {
  readonly shelf: Shelf;
  readonly repository: Repository;
  readonly budget: LookUpBudget;
  readonly prompts: Prompts;
  readonly signal: AbortSignal;
}

/** What came of a reply: answers to its calls, and a plan, or what is wrong where it brought nothing. */
export interface ArchitectTurn {
  readonly calls: readonly CallStep[];
  readonly plan?: Plan;
  readonly problem?: string;
}

/** Looks up what a reply asks for, or reads the plan that it hands in. */
export async function takeArchitectTurn(
  reply: ModelReply,
  table: DraftingTable,
): Promise<ArchitectTurn> {
  const asks = reply.calls.length > 0 && reply.calls.every(({ name }) => lookUpNamed(name));
  if (asks && reply.stop !== "length") return await lookedUp(reply.calls, table);
  const read = await readPlan(reply, table.repository);
  if ("plan" in read) return { plan: read.plan, calls: judged(reply, "done", "Accepted.") };
  const { problem } = read;
  const correction = render(table.prompts["architect-correction"], { problem });
  return { problem, calls: judged(reply, "malformed", correction) };
}

/** Every call of the reply gets the same answer: which of several was meant cannot be known. */
function judged(reply: ModelReply, kind: CallStep["kind"], result: string): readonly CallStep[] {
  return withOwnIds(reply.calls.slice(0, MAX_CALLS)).map((call) => ({ ...call, kind, result }));
}

async function lookedUp(
  asked: readonly ToolCall[],
  { shelf, budget, signal }: DraftingTable,
): Promise<ArchitectTurn> {
  const calls: CallStep[] = [];
  // One after the other: each answer takes of the room that is left.
  for (const call of withOwnIds(asked.slice(0, MAX_CALLS))) {
    throwIfStopped(signal);
    const why = budget.exhausted();
    if (why !== undefined) {
      calls.push({ ...call, kind: "not-run", result: overMessage(why) });
      continue;
    }
    const answer = await answerTo(call, shelf);
    const result = clip(visible(answer.text), budget.room());
    if (answer.kind !== "malformed") budget.made({ name: call.name, input: call.input, result });
    calls.push({ ...call, kind: answer.kind, result });
  }
  const isUseful = calls.some(({ kind }) => kind === "done" || kind === "failed");
  if (!isUseful) return { calls, problem: calls[0]?.result ?? "The reply calls nothing." };
  budget.asked();
  return { calls };
}

function overMessage(why: string): string {
  return `Nothing more is looked up: ${why}. Hand in the plan with submit_plan or one_worker.`;
}

async function answerTo(call: ToolCall, shelf: Shelf): Promise<ToolResult> {
  const json = parseInput(call);
  if ("problem" in json) return { kind: "malformed", text: json.problem };
  const known = lookUpNamed(call.name);
  if (!known) return { kind: "malformed", text: "There is no such tool." };
  return await known.answer(json.input, shelf);
}

function lookUpNamed(name: string) {
  return LOOK_UPS.find(({ definition }) => definition.name === name);
}
