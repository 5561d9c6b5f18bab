import type { WorkItem } from "../../core/plan.ts";
import { addUsage, NO_USAGE } from "../../core/usage.ts";
import { runItems } from "../../swarm/scheduler.ts";
import { helpJoining } from "../help-joining.ts";
import { joinResults } from "../join-results.ts";
import { runWorker, type WorkerDone, WorkerEnded } from "../run-worker.ts";
import { headOf, type ItemResult, type StageUpdate, type TaskState } from "../task-state.ts";
import type { Workbench } from "../workbench.ts";

const NOTHING_CHANGED = "The workers finished without changing a file.";
const NOTHING_OF_THEIRS = "The workers changed no file within the paths of their work items.";

/** Lets the workers work: each item as soon as what it builds on is done, several at once. */
export const work =
  (bench: Workbench) =>
  async (state: TaskState, signal: AbortSignal): Promise<StageUpdate> => {
    const { workPlan: plan } = state;
    const { team } = bench;
    if (!plan || !team) throw new Error("There is no plan, or nobody to carry it out.");

    const finished: ItemResult[] = [];
    const { results, failures } = await runItems<WorkItem, WorkerDone>({
      items: plan.items,
      limit: bench.limits.workers,
      signal,
      run: async (item, before) => {
        const commit = await startOf({ bench, state, signal }, changesIn(before));
        const done = await runWorker({ bench, team, state, item, commit, notes: "" }, signal);
        finished.push({ item: item.id, changeSet: done.changeSet });
        await bench.desk.track({ ...state, results: finished }, "workers are working");
        return done;
      },
    });
    const ended = failures.flatMap(({ error }) => (error instanceof WorkerEnded ? [error] : []));
    const [failure] = failures;
    const [ending] = ended;
    // Trouble of our own goes on, so that the task is tried again.
    if (failure && !ending) throw failure.error;
    const usage = [...results.values(), ...ended]
      .map((one) => one.usage)
      .reduce(addUsage, NO_USAGE);
    if (ending) return { usage, outcome: ending.outcome };

    const written = [...results].flatMap(([item, done]) =>
      done.written.map((command) => ({ purpose: `worker on ${item}`, command })),
    );
    const leftBehind = [...results.values()].flatMap((done) => done.leftBehind);
    const changes = changesIn(results);
    if (changes.some(({ changeSet }) => changeSet.files.length > 0))
      return { results: changes, usage, leftBehind, written };
    const reason = leftBehind.length > 0 ? NOTHING_OF_THEIRS : NOTHING_CHANGED;
    return { usage, leftBehind, outcome: { kind: "nothing-to-do", reason } };
  };

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
