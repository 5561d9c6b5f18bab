import { commitMessage } from "../../conversation/commit-message.ts";
import { addUsage, NO_USAGE, type Usage } from "../../core/usage.ts";
import { joinChangeSets } from "../../merge/merge.ts";
import { type Ran, runItems } from "../../swarm/scheduler.ts";
import { runWorker, type WorkerDone, WorkerEnded } from "../run-worker.ts";
import { type BranchCommit, headOf, type TaskState } from "../task-state.ts";
import type { Team, Workbench } from "../workbench.ts";
import type { CorrectionJob } from "./correction-jobs.ts";

/** What the workers came to. */
export interface Corrected {
  /** To be put on the branch, oldest first; empty where nothing was changed. */
  readonly commits: readonly BranchCommit[];
  readonly usage: Usage;
  readonly leftBehind: readonly string[];
  readonly models: readonly string[];
  /** How a worker ended that did not finish. */
  readonly ended: WorkerEnded | undefined;
}

interface Running {
  readonly bench: Workbench;
  readonly team: Team;
  readonly state: TaskState;
  readonly signal: AbortSignal;
}

/** Corrects items at the same time, each from the head of the branch, and joins what they changed. */
export async function runCorrections(
  jobs: readonly CorrectionJob[],
  running: Running,
): Promise<Corrected> {
  const ran = await runAll(jobs, running);
  // Trouble of our own goes on, so that the task is tried again.
  const trouble = ran.failures.find(({ error }) => !(error instanceof WorkerEnded));
  if (trouble) throw trouble.error;
  const ended = ran.failures.flatMap(({ error }) => (error instanceof WorkerEnded ? [error] : []));
  const done = [...ran.results.values()];
  return {
    commits: await joined(jobs, ran.results, running),
    usage: [...done, ...ended].map((one) => one.usage).reduce(addUsage, NO_USAGE),
    leftBehind: done.flatMap((one) => one.leftBehind),
    models: [...new Set(done.flatMap((one) => one.models))],
    ended: ended[0],
  };
}

async function runAll(
  jobs: readonly CorrectionJob[],
  { bench, team, state, signal }: Running,
): Promise<Ran<WorkerDone>> {
  const commit = headOf(state);
  const { task } = state;
  const claimant = { task: task.id, repository: `${task.repo.owner}/${task.repo.name}` };
  return runItems({
    items: jobs.map(({ item }) => item),
    limit: bench.limits.workers,
    signal,
    stopsAll: (error) => !(error instanceof WorkerEnded),
    run: async (item) => {
      const correction = jobs.find((job) => job.item === item)?.notes;
      const giveBack = await bench.slots?.take(claimant, signal);
      try {
        const job = { bench, team, state, item, commit, notes: "", correction };
        return await runWorker(job, signal);
      } finally {
        giveBack?.();
      }
    },
  });
}

/** The most blamed item's change first. What does not go together with it is left for the next try. */
async function joined(
  jobs: readonly CorrectionJob[],
  results: Ran<WorkerDone>["results"],
  { bench, state }: Running,
): Promise<readonly BranchCommit[]> {
  const changed = jobs.flatMap(({ item, of }) => {
    const changeSet = results.get(item.id)?.changeSet;
    return changeSet && changeSet.files.length > 0
      ? [{ title: item.title, item: of?.id, id: item.id, changeSet }]
      : [];
  });
  const [first] = changed;
  if (!first) return [];
  const { id: _, ...alone } = first;
  if (changed.length === 1) return [alone];
  const byId = new Map(changed.map((one) => [one.id, one]));
  const join = await joinChangeSets({
    base: headOf(state),
    order: changed.map(({ id, changeSet }) => ({ item: id, changeSet })),
    messageOf: (id) => commitMessage(state.task, byId.get(id)?.title ?? id),
    mirror: await bench.mirror(),
    syntax: await bench.syntax(),
  });
  if (join.kind === "conflicted") return [alone];
  return join.commits.map(({ item: id, changeSet }) => ({
    title: byId.get(id)?.title ?? id,
    item: byId.get(id)?.item,
    changeSet,
  }));
}
