import { joinResults, titleOf } from "../join-results.ts";
import type { StageUpdate, TaskState } from "../task-state.ts";
import type { Workbench } from "../workbench.ts";

/** Joins the ChangeSets, in dependency order, to one branch with a commit for each work item. */
export const merge =
  (bench: Workbench) =>
  async (state: TaskState): Promise<StageUpdate> => {
    const joined = await joinResults(bench, state, state.results);
    if (joined.kind === "conflicted") {
      const { item, files, report } = joined;
      return { outcome: { kind: "conflicted", item, files: [...files], report: [...report] } };
    }
    const added = joined.commits.map(({ item, changeSet }) => ({
      title: titleOf(state, item),
      changeSet,
    }));
    const merged = joined.report.length > 0 ? { merged: joined.report } : {};
    return { commits: [...state.commits, ...added], ...merged };
  };
