import type { Claimant } from "../../core/fair-slots.ts";
import type { WorkItem } from "../../core/plan.ts";
import { addUsage, NO_USAGE } from "../../core/usage.ts";
import { type Ran, runItems } from "../../swarm/scheduler.ts";
import { helpJoining } from "../help-joining.ts";
import { joinResults } from "../join-results.ts";
import { runWorker, type WorkerDone, WorkerEnded } from "../run-worker.ts";
import { openTaskBoard } from "../task-board.ts";
import { headOf, type ItemResult, type StageUpdate, type TaskState } from "../task-state.ts";
import { unfinishedOf, whyFailed } from "../unfinished.ts";
import type { Workbench } from "../workbench.ts";

const NOTHING_CHANGED = "The workers finished without changing a file.";
const NOTHING_OF_THEIRS = "The workers changed no file within the paths of their work items.";

/** Lets the workers work: each item as soon as what it builds on is done, several at once. One that fails stops only what builds on it. */
export const work =
  (bench: Workbench) =>
  async (state: TaskState, signal: AbortSignal): Promise<StageUpdate> => {
    const { workPlan: plan } = state;
    const { team } = bench;
    if (!plan || !team) throw new Error("There is no plan, or nobody to carry it out.");

    const finished: ItemResult[] = [];
    const board = await openTaskBoard(bench.memory, state);
    const ran = await runItems<WorkItem, WorkerDone>({
      items: plan.items,
      limit: bench.limits.workers,
      signal,
      stopsAll: isEverybodys,
      run: async (item, before) => {
        const giveBack = await bench.slots?.take(claimantOf(state), signal);
        try {
          const done = await told(bench, item.id, async () => {
            const commit = await startOf({ bench, state, signal }, changesIn(before));
            return await runWorker({ bench, team, state, item, commit, notes: "", board }, signal);
          });
          finished.push({ item: item.id, changeSet: done.changeSet });
          await bench.desk.track({ ...state, results: finished }, "workers are working");
          return done;
        } finally {
          board.leave(item.id);
          giveBack?.();
        }
      },
    });
    tellNotStarted(bench, ran);
    // Trouble of our own goes on, so that the task is tried again.
    const trouble = ran.failures.find(({ error }) => !(error instanceof WorkerEnded));
    if (trouble) throw trouble.error;
    return updateOf(plan.items, ran);
  };

/** One item, with what becomes of it told at once. Work that was interrupted is done again: it did not fail. */
async function told(
  { tell }: Workbench,
  item: string,
  run: () => Promise<WorkerDone>,
): Promise<WorkerDone> {
  tell({ kind: "item-started", item });
  try {
    const done = await run();
    tell({ kind: "item-finished", item, files: done.changeSet.files.length });
    return done;
  } catch (error) {
    if (error instanceof WorkerEnded) tell({ kind: "item-failed", item, ...whyFailed(error) });
    throw error;
  }
}

function tellNotStarted({ tell }: Workbench, { notStarted }: Ran<WorkerDone>): void {
  for (const { id: item, because } of notStarted)
    tell({ kind: "item-not-started", item, ...(because !== undefined && { because }) });
}

/** What was finished goes on, also where other items failed: what is not done is said beside it. */
function updateOf(items: readonly WorkItem[], ran: Ran<WorkerDone>): StageUpdate {
  const { results } = ran;
  const ended = ran.failures.flatMap(({ error }) => (error instanceof WorkerEnded ? [error] : []));
  const done = [...results.values()];
  const usage = [...done, ...ended].map((one) => one.usage).reduce(addUsage, NO_USAGE);
  const leftBehind = done.flatMap((one) => one.leftBehind);
  const written = [...results].flatMap(([item, one]) =>
    one.written.map((command) => ({ purpose: `worker on ${item}`, command })),
  );
  const changes = changesIn(results);
  const hasChanges = changes.some(({ changeSet }) => changeSet.files.length > 0);
  const conflict = ended.find(({ outcome }) => outcome.kind === "conflicted");
  const [ending] = conflict ? [conflict] : ended;
  const found = { results: changes, usage, leftBehind, written };
  if (ending) {
    const unfinished = items.length > 1 ? unfinishedOf(items, ran) : undefined;
    const goesOn = hasChanges && !conflict;
    return { ...found, unfinished, ...(!goesOn && { outcome: ending.outcome }) };
  }
  if (hasChanges) return found;
  const reason = leftBehind.length > 0 ? NOTHING_OF_THEIRS : NOTHING_CHANGED;
  return { ...found, outcome: { kind: "nothing-to-do", reason } };
}

/** Failures that every other item would meet, too. */
const EVERYBODYS: ReadonlySet<string> = new Set([
  "model.missing",
  "model.auth",
  "model.spend-limit",
  "model.budget-exhausted",
  "model.price-unknown",
]);

/** Whether nothing more is to be started: trouble of our own, a task that cannot be joined, or a model that is out. */
function isEverybodys(error: unknown): boolean {
  if (!(error instanceof WorkerEnded)) return true;
  const { outcome } = error;
  return outcome.kind !== "model-failed" || EVERYBODYS.has(outcome.code);
}

function claimantOf({ task }: TaskState): Claimant {
  return { task: task.id, repository: `${task.repo.owner}/${task.repo.name}` };
}

function changesIn(results: ReadonlyMap<string, WorkerDone>): ItemResult[] {
  return [...results].map(([item, { changeSet }]) => ({ item, changeSet }));
}

interface Starting {
  readonly bench: Workbench;
  readonly state: TaskState;
  readonly signal: AbortSignal;
}

/**
 * The commit an item starts from: the branch so far with everything it builds on joined to it. What a program makes
 * is made anew; no model is asked, who would be asked again in the end.
 */
async function startOf({ bench, state, signal }: Starting, results: ItemResult[]): Promise<string> {
  if (results.length === 0) return headOf(state);
  const { help } = helpJoining({ ...bench, mergeHelp: undefined }, state, signal);
  const joined = await joinResults(bench, state, { results, help });
  if (joined.kind === "merged") return joined.head;
  const { item, files, report } = joined;
  const ending = { item, files: [...files], report: [...report] };
  throw new WorkerEnded({ kind: "conflicted", ...ending }, NO_USAGE);
}
