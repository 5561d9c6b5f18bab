import { canonicalText } from "../core/canonical-request.ts";
import type { Model } from "../core/model.ts";
import { createArchitect } from "../swarm/architect.ts";
import { DEFAULT_LIMITS } from "../swarm/limits.ts";
import type { Prompts } from "../swarm/prompts.ts";
import type { Step } from "../swarm/step.ts";
import { createWorker } from "../swarm/worker.ts";
import { planAgain } from "./plan-again.ts";
import { Differs, EndOfRecording, OUTSIDE, recordedModel } from "./recorded-model.ts";
import { type Assigned, type Briefed, type Ended, isGiven, type Row } from "./trajectory.ts";
import { type ReplayPlace, workAgain } from "./work-again.ts";

/** What came of a replay. */
export type Replayed =
  | {
      readonly kind: "same";
      readonly steps: number;
      /** What a worker's changes make of the repository; absent where it came to none. */
      readonly tree: string | undefined;
      /** How many work items the architect's plan has; absent where it came to none. */
      readonly items?: number;
      /** Commands and questions that were answered in other words than then. */
      readonly otherWords: number;
      /** False: the recording breaks off, and so does the replay. */
      readonly isWhole: boolean;
    }
  | { readonly kind: "different"; readonly what: string }
  | { readonly kind: "impossible"; readonly why: string };

/** What a replay is made with. */
export interface Replaying extends ReplayPlace {
  readonly prompts: Prompts;
  /** A text as it was saved: without secrets. */
  readonly gate?: (text: string) => string;
  readonly signal: AbortSignal;
}

/**
 * Does an agent's recorded run over again, with its model's recorded replies: every request, every call and its
 * result, and the ChangeSet or the plan are to be what they were. Nothing is asked of a model and nothing is saved.
 */
export async function replayRun(rows: readonly Row[], replaying: Replaying): Promise<Replayed> {
  const { mirror, gate = unchanged } = replaying;
  const given = rows.find(isGiven);
  if (!given) return { kind: "impossible", why: NOT_RECORDED };
  const missing = await missingCommit(given, mirror);
  if (missing !== undefined)
    return { kind: "impossible", why: `its commit ${missing} is not in the mirror` };

  const steps = rows.filter((row) => row.kind === "step");
  const ended = rows.find((row) => row.kind === "ended");
  const isWhole = isOwnEnd(ended);
  const model = recordedModel({ steps, isWhole, gate });
  const again: Row[] = [];
  let differs: string | undefined;
  try {
    await runAgain(given, { ...replaying, steps, model, rows: again });
  } catch (error) {
    if (error instanceof Differs) differs = error.message;
    else if (!(error instanceof EndOfRecording)) throw error;
  }
  const compared = again.map((row) => gated(row, gate));
  const recorded = { rows, isWhole };
  // What came out of a call explains why the next request is another one.
  const what = stepDifference(recorded, compared) ?? differs ?? endDifference(recorded, compared);
  if (what !== undefined) return { kind: "different", what };
  const otherWords = countOtherWords(steps, compared);
  return { kind: "same", steps: steps.length, ...madeBy(ended), otherWords, isWhole };
}

const NOT_RECORDED = "what it was given was not recorded, as by an older version";

async function missingCommit(
  given: Assigned | Briefed,
  mirror: Pick<ReplayPlace["mirror"], "hasCommit">,
): Promise<string | undefined> {
  const commits = given.kind === "briefed" ? [given.commit, given.rules.commit] : [given.commit];
  for (const commit of commits) if (!(await mirror.hasCommit(commit))) return commit;
  return undefined;
}

interface Run extends Replaying {
  readonly steps: readonly Step[];
  readonly model: Model;
  readonly rows: Row[];
}

async function runAgain(given: Assigned | Briefed, run: Run): Promise<void> {
  const { model, prompts } = run;
  if (given.kind === "briefed") {
    const architect = createArchitect({ model, prompts, limits: { ...given.limits } });
    return await planAgain({ ...run, briefed: given, architect });
  }
  const limits = { ...DEFAULT_LIMITS, ...given.limits };
  await workAgain({ ...run, assigned: given, worker: createWorker({ model, prompts, limits }) });
}

/** Whether the agent itself came to its end: a model that failed, and time, are not its doing. */
function isOwnEnd(ended: Ended | undefined): boolean {
  if (!ended) return false;
  const { ending } = ended;
  if (ending.kind !== "gave-up") return true;
  const { code } = ending;
  return /^(worker|architect)\./.test(code) && code !== "worker.too-long";
}

const unchanged = (text: string) => text;

/** As a store would give it back, without secrets. */
function gated(row: Row, gate: (text: string) => string): Row {
  if (row.kind !== "step") return row;
  const calls = row.calls.map((call) => ({ ...call, result: gate(call.result) }));
  return { ...row, calls };
}

interface Recorded {
  readonly rows: readonly Row[];
  readonly isWhole: boolean;
}

function stepDifference({ rows, isWhole }: Recorded, again: readonly Row[]): string | undefined {
  const before = rows.filter((row) => row.kind === "step");
  const now = again.filter((row) => row.kind === "step");
  for (const [index, step] of now.entries()) {
    const known = before[index];
    if (!known)
      return `the agent goes on after step ${before.length}, where the recorded one ended`;
    // What broke off may have done so within its last step.
    const mayBreakOff = !isWhole && index === before.length - 1;
    const what = inStep(known, mayBreakOff ? cutLike(known, step) : step);
    if (what !== undefined) return `step ${known.number}: ${what}`;
  }
  return undefined;
}

function cutLike({ calls }: Step, step: Step): Step {
  return { ...step, calls: step.calls.slice(0, calls.length) };
}

function inStep(before: Step, now: Step): string | undefined {
  if (before.text !== now.text || before.stop !== now.stop) return "the reply was read otherwise";
  if (before.calls.length !== now.calls.length)
    return `${now.calls.length} calls were taken, not ${before.calls.length}`;
  for (const [index, call] of before.calls.entries()) {
    const other = now.calls[index];
    const place = `call ${index + 1} (${call.name})`;
    if (call.id !== other?.id || call.input !== other.input) return `${place} was read otherwise`;
    if (call.kind !== other.kind) return `${place} ended as ${other.kind}, not as ${call.kind}`;
    if (!OUTSIDE.has(call.name) && call.result !== other.result)
      return `${place} came to another result`;
  }
  return undefined;
}

function endDifference({ rows, isWhole }: Recorded, again: readonly Row[]): string | undefined {
  const steps = (all: readonly Row[]) => all.filter(({ kind }) => kind === "step").length;
  if (steps(again) < steps(rows)) return `the agent ended after step ${steps(again)}`;
  if (!isWhole) return undefined;
  const [before, now] = [endOf(rows), endOf(again)];
  if (before !== now) return `the end is another one: ${now}, not ${before}`;
  return planOf(rows) === planOf(again) ? undefined : "the plan was read otherwise";
}

/** The end in one line: commits are made anew, what they hold is to be the same. */
function endOf(rows: readonly Row[]): string {
  const left = rows.flatMap((row) => (row.kind === "left-behind" ? row.paths : []));
  const beside = left.length > 0 ? `, left behind ${left.toSorted().join(", ")}` : "";
  const ending = rows.find((row) => row.kind === "ended")?.ending;
  if (!ending) return `none${beside}`;
  if (ending.kind === "gave-up") return `${ending.code} (${ending.reason})${beside}`;
  if (ending.kind === "planned") return `a plan of ${ending.plan.items.length} work items`;
  return `tree ${ending.changeSet.tree}${beside}`;
}

function planOf(rows: readonly Row[]): string {
  const ending = rows.find((row) => row.kind === "ended")?.ending;
  return canonicalText(ending?.kind === "planned" ? ending.plan : undefined);
}

function madeBy(ended: Ended | undefined): { tree: string | undefined; items?: number } {
  const ending = ended?.ending;
  if (ending?.kind === "planned") return { tree: undefined, items: ending.plan.items.length };
  return { tree: ending?.kind === "finished" ? ending.changeSet.tree : undefined };
}

function countOtherWords(before: readonly Step[], again: readonly Row[]): number {
  const results = (steps: readonly Step[]) => steps.flatMap(({ calls }) => calls);
  const now = results(again.filter((row) => row.kind === "step"));
  return results(before).filter(({ result }, index) => now[index]?.result !== result).length;
}
