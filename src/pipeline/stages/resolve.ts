import { mergeMessage, mergeTitle } from "../../conversation/commit-message.ts";
import { settledText } from "../../conversation/merge-report-text.ts";
import type { Outcome } from "../../core/outcome.ts";
import { findChecks, NOTHING_PROVES, unusableChecks } from "../find-checks.ts";
import { type BaseMerge, mergeWithBase } from "../merge-with-base.ts";
import { modelFailure } from "../model-failure.ts";
import { noteResolutions } from "../resolutions.ts";
import { type Base, baseOf, type StageUpdate, type TaskState } from "../task-state.ts";
import { whyNotMove } from "../why-not-move.ts";
import type { TaskMirror, Workbench } from "../workbench.ts";

/** Merges a pull request with its base, as far as that can be proven. Nothing is pushed here. */
export const resolve =
  (bench: Workbench) =>
  async (state: TaskState, signal: AbortSignal): Promise<StageUpdate> => {
    const refused = await whyNotMove(bench, state);
    if (refused !== undefined) return { outcome: { kind: "refused", reason: refused } };
    const platform = await bench.platform();
    const mirror = await bench.mirror();
    const pull = await platform.pullRequest(state.task.issue);
    const into = baseOf(state);
    const mergedWith = { branch: pull.base, commit: await mirror.fetch(pull.base, signal) };

    // The platform's rules want the base's newest commits first, also where nothing conflicts.
    const always = pull.merges === "behind";
    const sides = { ours: into.commit, theirs: mergedWith.commit, title: pull.title, always };
    await mirror.deepen(sides, signal);
    const ends = { into, mergedWith };
    if (state.task.keepsMergeable && !(await isOurs(mirror, ends)))
      return { outcome: { kind: "refused", reason: A_PERSONS } };

    await bench.desk.track(state, "merging the pull request with its base");
    const merge = await mergeWithBase({ bench, state }, sides, signal);
    if (merge.kind === "merged") {
      await noteResolutions(bench, merge.resolutions);
      return { mergedWith, ...(await committed(bench, { state, mergedWith, merge })) };
    }
    const usage = "usage" in merge ? { usage: merge.usage } : {};
    return { mergedWith, ...usage, outcome: ending(merge, ends) };
  };

const A_PERSONS = "A person has committed to the branch: Nexus keeps its hands off until asked.";

/** Whether nobody but Nexus has committed to the branch. */
async function isOurs(mirror: TaskMirror, { into, mergedWith }: Ends): Promise<boolean> {
  return mirror.madeByUs({ of: into.commit, without: mergedWith.commit });
}

interface Merged {
  readonly state: TaskState;
  readonly mergedWith: Base;
  readonly merge: Extract<BaseMerge, { kind: "merged" }>;
}

/** The merge as a commit of two parents, with the checks that hold for what it contains. */
async function committed(
  bench: Workbench,
  { state, mergedWith, merge }: Merged,
): Promise<StageUpdate> {
  const mirror = await bench.mirror();
  const into = baseOf(state);
  const names = { from: mergedWith.branch, into: into.branch };
  const { tree, report, usage } = merge;
  const message = mergeMessage(state.task, { ...names, settled: settledText(report) });
  const parents = [into.commit, mergedWith.commit];
  const changeSet = await mirror.commitMerge({ parents, tree, message });
  const update = { merged: report, usage, commits: [{ title: mergeTitle(names), changeSet }] };

  const policy = state.environment?.commit ?? into.commit;
  const found = await findChecks(mirror, { policy, commit: changeSet.commit });
  if ("problems" in found) return { ...update, outcome: unusableChecks(found.problems) };
  const { checks } = found;
  if (checks.length > 0) return { ...update, checks };
  return { ...update, outcome: { kind: "no-checks", reason: NOTHING_PROVES } };
}

interface Ends {
  readonly into: Base;
  readonly mergedWith: Base;
}

function ending(
  merge: Exclude<BaseMerge, { kind: "merged" }>,
  { into, mergedWith }: Ends,
): Outcome {
  const base = mergedWith.branch;
  switch (merge.kind) {
    case "clean":
      return {
        kind: "nothing-to-do",
        reason: `The pull request merges with ${base} without a conflict: there is nothing to resolve.`,
      };
    case "no-base":
      return { kind: "refused", reason: WITHOUT_BASE[merge.why] };
    case "conflicted": {
      const left = [...merge.left];
      const facts = { base: mergedWith, head: into.commit, report: [...merge.report], left };
      const conflict: Outcome = { kind: "conflicted", files: [...merge.files], merge: facts };
      return modelFailure(merge.exhausted) ?? conflict;
    }
    default:
      return merge satisfies never;
  }
}

const WITHOUT_BASE = {
  unrelated:
    "The pull request and its base have no history in common, so nobody can tell what either changed.",
  shallow: "Where the pull request and its base parted could not be found out.",
} as const;
