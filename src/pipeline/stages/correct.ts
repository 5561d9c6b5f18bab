import type { Correction } from "../../core/correction.ts";
import type { Evidence } from "../../core/evidence.ts";
import type { Outcome } from "../../core/outcome.ts";
import type { Plan } from "../../core/plan.ts";
import { blameItems } from "../correction/blame-items.ts";
import { type CorrectionJob, correctionJobs, type Trying } from "../correction/correction-jobs.ts";
import { leaveOut } from "../correction/leave-out.ts";
import { isKnownRed, redOf, startOf } from "../correction/progress.ts";
import { redChecks } from "../correction/red-places.ts";
import { type Corrected, runCorrections } from "../correction/run-corrections.ts";
import { greenBefore } from "../green-before.ts";
import { kept } from "../keep-for-people.ts";
import {
  type BranchCommit,
  baseOf,
  headOf,
  type StageUpdate,
  type TaskState,
} from "../task-state.ts";
import type { Team, Workbench } from "../workbench.ts";

/**
 * Gives what is red to whoever is to blame: first to the item's own worker, then to one who knows nothing of the work;
 * after that the item itself is left out. The bound is the verify stage's, and so is the verdict.
 */
export const correct =
  (bench: Workbench) =>
  async (state: TaskState, signal: AbortSignal): Promise<StageUpdate> => {
    const { team } = bench;
    const { workPlan: plan, evidence } = state;
    if (!team || !plan || !evidence)
      throw new Error("There is nothing to correct, or nobody to do it.");

    const green = greenBefore(state);
    if (green) return { commits: green };
    const start = startOf(state, evidence);
    if (start.heldUntil !== state.heldUntil) await bench.sandbox.release(state.task.id);
    const number = state.corrections + 1;
    await bench.desk.track(start, `correction ${number} of ${bench.limits.corrections}`);
    const mirror = await bench.mirror();
    const red = await redChecks(start.evidence, mirror);
    const [base, head] = [baseOf(start).commit, headOf(start)];
    const blamed = await blameItems(red, { mirror, base, head, commits: start.commits });
    const attempt: Attempt = { bench, team, plan, state: start, number };
    const kind = KINDS[start.attempts?.length ?? 0];
    if (!kind) return withoutBlamed(attempt, blamed);
    return corrected(attempt, { bench, state: start, plan, number, kind, red, blamed }, signal);
  };

/** Who is asked at the first and at the second try. */
const KINDS = ["continued", "fresh"] as const;

interface Attempt {
  readonly bench: Workbench;
  readonly team: Team;
  readonly plan: Plan;
  /** What the correction starts from. */
  readonly state: TaskState & { readonly evidence: Evidence };
  readonly number: number;
}

async function corrected(
  attempt: Attempt,
  trying: Trying,
  signal: AbortSignal,
): Promise<StageUpdate> {
  const { bench, team, state, number } = attempt;
  const jobs = await correctionJobs(trying);
  for (const { item } of jobs) bench.tell({ kind: "correction", attempt: number, item: item.id });
  const worker = (trying.kind === "fresh" && team.otherWorker) || team.worker;
  const running = { bench, team: { ...team, worker }, state, signal };
  const done = await runCorrections(jobs, running);
  const commits = [...state.commits, ...done.commits];
  const ending = endingOf(done, state);
  const tried = triedNow(attempt, {
    kind: trying.kind,
    blamed: jobs.flatMap(asBlamed),
    models: [...done.models],
    ending,
    ...(ending === "gave-up" && whyStopped(done)),
    ...(done.commits.length > 0 && changeOf(done.commits)),
  });
  const { usage, leftBehind } = done;
  const found = { usage, leftBehind, corrections: number, ...tried };
  if (ending === "kept") return { ...found, commits };
  const isOver = number >= bench.limits.corrections || isModels(done.ended?.outcome);
  const outcome = isOver ? stillRed(attempt, number, done.ended?.outcome) : undefined;
  return { ...found, ...backTo(state), ...(outcome && { outcome }) };
}

/** Whether a model is out, which the next try would meet, too; a worker that was stopped is only this try's. */
function isModels(ended: Outcome | undefined): boolean {
  return (
    ended !== undefined && !(ended.kind === "model-failed" && ended.code.startsWith("worker."))
  );
}

/** The branch without the item that is to blame; the road ends where that is no branch. */
async function withoutBlamed(
  attempt: Attempt,
  blamed: readonly { readonly item: string }[],
): Promise<StageUpdate> {
  const { bench, plan, state, number } = attempt;
  for (const { item } of blamed) {
    const left = await leaveOut(bench, state, item);
    const tip = left?.commits.at(-1)?.changeSet;
    if (!left || !tip || isKnownRed(tip.tree, state)) continue;
    bench.tell({ kind: "correction", attempt: number, item });
    const titles = new Map(plan.items.map(({ id, title }) => [id, title]));
    const tried = triedNow(attempt, {
      kind: "left-out",
      blamed: [{ item, title: titles.get(item) ?? item }],
      models: [],
      ending: "kept",
      ...(await changeTo(attempt, tip)),
    });
    return { corrections: number, ...left, ...tried };
  }
  const { attempts, corrections } = state;
  return { attempts, ...backTo(state), outcome: stillRed(attempt, corrections, undefined) };
}

async function changeTo({ bench, state }: Attempt, tip: BranchCommit["changeSet"]) {
  const files = await (await bench.mirror()).changedFiles(headOf(state), tip.commit);
  return { files: [...files], commit: tip.commit, tree: tip.tree };
}

function changeOf(commits: readonly BranchCommit[]): Partial<Correction> {
  const tip = commits.at(-1)?.changeSet;
  const files = commits.flatMap(({ changeSet }) => changeSet.files);
  return { files, ...(tip && { commit: tip.commit, tree: tip.tree }) };
}

function asBlamed({ of }: CorrectionJob): Correction["blamed"] {
  return of ? [{ item: of.id, title: of.title }] : [];
}

function endingOf({ commits, ended }: Corrected, state: TaskState): Correction["ending"] {
  const tip = commits.at(-1)?.changeSet;
  if (tip) return isKnownRed(tip.tree, state) ? "repeated" : "kept";
  return ended ? "gave-up" : "unchanged";
}

function whyStopped({ ended }: Corrected): Pick<Correction, "stopped"> {
  if (ended?.outcome.kind !== "model-failed") return {};
  const { code, reason } = ended.outcome;
  return { stopped: { code, reason } };
}

type Told = Pick<Correction, "kind" | "blamed" | "models" | "ending"> & Partial<Correction>;

/** This try among those before, and what the next one is measured against. */
function triedNow({ state, number }: Attempt, told: Told): StageUpdate {
  const { commits, evidence, merged, unfinished, attempts = [] } = state;
  const one: Correction = { number, files: [], redBefore: redOf(evidence), ...told };
  return { attempts: [...attempts, one], beforeAttempt: { commits, evidence, merged, unfinished } };
}

/** Where the last try was thrown away, the road goes on from before it. */
function backTo({ commits, evidence, merged, unfinished, heldUntil }: TaskState): StageUpdate {
  return { commits, evidence, merged, unfinished, heldUntil };
}

/** People need the red check more than the model's trouble: they are told of both. */
function stillRed({ state }: Attempt, corrections: number, ended: Outcome | undefined): Outcome {
  const { evidence, heldUntil } = state;
  if (ended?.kind === "budget-exhausted") return { ...ended, evidence };
  if (ended && ended.kind !== "model-failed") return ended;
  const stopped = ended && { stopped: { code: ended.code, reason: ended.reason } };
  return { kind: "checks-failed", evidence, corrections, ...stopped, ...kept(heldUntil) };
}
