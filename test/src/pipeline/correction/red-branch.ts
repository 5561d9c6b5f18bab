import type { WorkItem } from "../../../../src/core/plan.ts";
import { shadowRun } from "../../../../src/pipeline/shadow-run.ts";
import { correct } from "../../../../src/pipeline/stages/correct.ts";
import {
  type BranchCommit,
  headOf,
  type StageUpdate,
  type TaskState,
} from "../../../../src/pipeline/task-state.ts";
import { createWorker } from "../../../../src/swarm/worker.ts";
import type { FakeReply } from "../../../fakes/fake-model.ts";
import { call, calling, fakeModel } from "../../../fakes/fake-model.ts";
import { swarmPrompts } from "../../../fakes/swarm-prompts.ts";
import { freshSignal, write } from "../../git/sample-repository.ts";
import { itemOf, stageWorld } from "../stage-world.ts";

export const FINISH = calling(call("finish", { summary: "Done." }));

/** Replaces what a file says. */
export function editing(path: string, old: string, text: string) {
  return calling(call("edit", { path, old, new: text }));
}

interface Setting {
  /** What each work item's commit made its file say, in order. */
  readonly saying: Readonly<Record<string, string>>;
  readonly items?: readonly WorkItem[];
  readonly replies: readonly FakeReply[];
  /** What the model replies that only the second try asks. */
  readonly others?: readonly FakeReply[];
}

/** Each file has to say yes; the check names each one that does not, with its line. */
const COMMAND =
  'bad=0; for f in *.txt; do grep -qx yes "$f" || { echo "$f:1: error: no yes"; bad=1; }; done; exit $bad';
const ALL = { name: "all", command: COMMAND };

/** A branch of one commit for each work item, its red evidence, and what the road does with it. */
export async function redBranch({ saying, replies, others = [], ...setting }: Setting) {
  const ids = Object.keys(saying);
  const items = setting.items ?? ids.map((id) => itemOf(id));
  const files = Object.fromEntries(items.flatMap(({ paths: [path = ""] }) => [[path, "no\n"]]));
  const world = await stageWorld({ files, replies });
  const { mirror, upstream, bench } = world;
  const other = fakeModel(others);
  const otherWorker = createWorker({ model: other, prompts: swarmPrompts });
  const { team } = bench;
  if (!team) throw new Error("There is no team.");
  const limits = { workers: 1, corrections: 3 };
  const workbench = { ...bench, limits, team: { ...team, otherWorker } };

  const commits: BranchCommit[] = [];
  for (const item of items.filter(({ id }) => ids.includes(id))) {
    const parent = commits.at(-1)?.changeSet.commit ?? upstream.main;
    const edits = [write(item.paths[0] ?? "", saying[item.id] ?? "")];
    const changeSet = await mirror.commitEdits({ parent, edits, message: item.title });
    commits.push({ title: item.title, item: item.id, changeSet });
  }
  const workPlan = { summary: "s", items: [...items], checks: [] };
  const verified = async (state: TaskState): Promise<TaskState> => {
    const [base, commit] = [upstream.main, headOf(state)];
    const where = { sandbox: bench.sandbox, mirror, taskId: "t", base, commit, checks: [ALL] };
    return { ...state, evidence: await shadowRun(where, freshSignal()) };
  };
  const red = await verified(world.state({ commits, workPlan }));
  /** What the stage makes of it. */
  const tried = async (state: TaskState): Promise<StageUpdate> =>
    await correct(workbench)(state, freshSignal());
  /** The same, and the checks run on it. */
  const next = async (state: TaskState): Promise<TaskState> =>
    await verified({ ...state, ...(await tried(state)) } as TaskState); // an update of every field
  const { model } = world;
  return { ...world, bench: workbench, red, tried, next, model, other };
}
