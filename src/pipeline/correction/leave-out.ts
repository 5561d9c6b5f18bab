import { commitMessage } from "../../conversation/commit-message.ts";
import type { FileReport } from "../../core/merge.ts";
import type { Unfinished } from "../../core/outcome.ts";
import { joinChangeSets } from "../../merge/merge.ts";
import { type BranchCommit, baseOf, type TaskState } from "../task-state.ts";
import type { Workbench } from "../workbench.ts";
import { withDependents } from "./independent.ts";

/** The branch without some of its work items. */
export interface LeftOut {
  readonly commits: readonly BranchCommit[];
  /** How each file was merged on which git alone stopped, of those that are still changed in the same way. */
  readonly merged: readonly FileReport[] | undefined;
  readonly unfinished: readonly Unfinished[];
}

const WHY = {
  code: "worker.left-out",
  reason: "It was left out: checks failed with it, and its corrections did not mend them.",
};
const NEVER_CORRECTED = {
  code: "worker.left-out",
  reason: "It was left out: checks failed with it after others had been corrected.",
};
const WITH_IT = {
  code: "worker.builds-on-left-out",
  reason: "It was left out: it builds on a work item that checks failed with.",
};

/**
 * The branch made anew without an item and what builds on it. Undefined where nothing would be left, or where what is
 * left does not stand alone.
 */
export async function leaveOut(
  bench: Workbench,
  state: TaskState,
  item: string,
): Promise<LeftOut | undefined> {
  const items = state.workPlan?.items ?? [];
  const gone = withDependents(item, items);
  const left = state.commits.filter((commit) => !gone.has(commit.item ?? ""));
  if (left.length === 0 || left.length === state.commits.length) return undefined;
  // Each commit is told apart by its place: an item may have several.
  const titles = new Map(left.map((commit, at) => [String(at), commit]));
  const joined = await joinChangeSets({
    base: baseOf(state).commit,
    order: left.map(({ changeSet }, at) => ({ item: String(at), changeSet })),
    messageOf: (at) => commitMessage(state.task, titles.get(at)?.title ?? ""),
    mirror: await bench.mirror(),
    syntax: await bench.syntax(),
  });
  if (joined.kind === "conflicted" || joined.commits.length === 0) return undefined;
  const commits = joined.commits.map((made) => ({
    title: titles.get(made.item)?.title ?? "",
    item: titles.get(made.item)?.item,
    changeSet: made.changeSet,
  }));
  const known = new Set(state.unfinished?.map((one) => one.item));
  const why = wasCorrected(item, state) ? WHY : NEVER_CORRECTED;
  const unfinished = items
    .filter(({ id }) => gone.has(id) && !known.has(id))
    .map(({ id, title }) => ({ item: id, title, ...(id === item ? why : WITH_IT) }));
  const merged = mergedStill(state, gone, joined.report);
  return { commits, merged, unfinished: [...(state.unfinished ?? []), ...unfinished] };
}

/** A correction of nobody's is one of everybody's. */
function wasCorrected(item: string, { attempts = [] }: TaskState): boolean {
  return attempts.some(
    ({ kind, blamed }) =>
      kind !== "left-out" && (blamed.length === 0 || blamed.some((one) => one.item === item)),
  );
}

/** How files were merged on which nothing that is gone had a part, and how what is left was joined now. */
function mergedStill(
  { commits, merged = [] }: TaskState,
  gone: ReadonlySet<string>,
  report: readonly FileReport[],
): LeftOut["merged"] {
  const lost = commits.filter(({ item }) => gone.has(item ?? ""));
  const paths = new Set(lost.flatMap(({ changeSet }) => changeSet.files.map(({ path }) => path)));
  const all = [...merged.filter(({ path }) => !paths.has(path)), ...report];
  return all.length > 0 ? all : undefined;
}
