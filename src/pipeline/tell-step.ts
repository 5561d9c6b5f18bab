import type { Step } from "../swarm/step.ts";
import type { Workbench } from "./workbench.ts";

const MOST_CALLS = 50;

/** Tells of one step of an agent, and of what the task has cost with it. */
export async function tellStep(
  { tell, account }: Pick<Workbench, "tell" | "account">,
  agent: string,
  step: Step,
): Promise<void> {
  const { number, usage, text, served } = step;
  const calls = step.calls.slice(0, MOST_CALLS).map(({ name, kind }) => ({ name, ended: kind }));
  const model = served && { model: `${served.provider}:${served.model}` };
  tell({ kind: "step", agent, number, usage, calls, ...model, ...(text !== "" && { text }) });
  // Nobody's work stops because nobody can be told what it costs.
  const cost = await account?.cost().catch(() => undefined);
  const cap = account?.cap();
  if (cost) tell({ kind: "spent", ...cost, ...(cap !== undefined && { cap }) });
}
