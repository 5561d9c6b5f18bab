import type { Plan, WorkItem } from "../../core/plan.ts";
import { addUsage, NO_USAGE } from "../../core/usage.ts";
import { runItems } from "../../swarm/scheduler.ts";
import { joinResults } from "../join-results.ts";
import { runWorker, type WorkerDone, WorkerEnded } from "../run-worker.ts";
import { headOf, type ItemResult, type StageUpdate, type TaskState } from "../task-state.ts";
import type { Workbench } from "../workbench.ts";

/** Lets the workers work: each item as soon as what it builds on is done, several at once. */
export const work =
  (bench: Workbench) =>
  async (state: TaskState, signal: AbortSignal): Promise<StageUpdate> => {
    const { plan } = state;
    const { team } = bench;
    if (!plan || !team) throw new Error("There is no plan, or nobody to carry it out.");

    const { results, failures } = await runItems<WorkItem, WorkerDone>({
      items: plan.items,
      limit: bench.limits.workers,
      signal,
      run: async (item, before) => {
        const commit = await startOf(bench, state, below(plan, item, before));
        return runWorker({ bench, team, state, item, commit, notes: "" }, signal);
      },
    });
    const usage = [...results.values()].reduce((sum, done) => addUsage(sum, done.usage), NO_USAGE);
    const [failure] = failures;
    if (failure) return endedBy(failure.error, usage);

    const changes = [...results].map(([item, { changeSet }]) => ({ item, changeSet }));
    if (changes.some(({ changeSet }) => changeSet.files.length > 0))
      return { results: changes, usage };
    const reason = "The workers finished without changing a file.";
    return { usage, outcome: { kind: "nothing-to-do", reason } };
  };

/** The results an item builds on, its dependencies' dependencies included. */
function below(plan: Plan, item: WorkItem, results: ReadonlyMap<string, WorkerDone>): ItemResult[] {
  const wanted = new Set(item.dependsOn);
  // A set grows while it is walked: ids added here are visited too.
  for (const id of wanted) {
    for (const next of plan.items.find((other) => other.id === id)?.dependsOn ?? [])
      wanted.add(next);
  }
  return [...wanted].flatMap((id) => {
    const done = results.get(id);
    return done ? [{ item: id, changeSet: done.changeSet }] : [];
  });
}

/** The commit an item starts from: the branch so far with everything it builds on joined to it. */
async function startOf(bench: Workbench, state: TaskState, results: ItemResult[]): Promise<string> {
  if (results.length === 0) return headOf(state);
  const joined = await joinResults(bench, state, results);
  if (joined.kind === "merged") return joined.head;
  const { item, files } = joined;
  throw new WorkerEnded({ kind: "conflicted", item, files: [...files] }, NO_USAGE);
}

function endedBy(error: unknown, usage: WorkerDone["usage"]): StageUpdate {
  if (!(error instanceof WorkerEnded)) throw error;
  return { usage: addUsage(usage, error.usage), outcome: error.outcome };
}
