import type { Outcome } from "../../core/outcome.ts";
import { helpJoining } from "../help-joining.ts";
import { joinResults, titleOf } from "../join-results.ts";
import { modelFailure } from "../model-failure.ts";
import { noteResolutions } from "../resolutions.ts";
import type { StageUpdate, TaskState } from "../task-state.ts";
import type { Workbench } from "../workbench.ts";

/** Joins the ChangeSets, in dependency order, to one branch with a commit for each work item. */
export const merge =
  (bench: Workbench) =>
  async (state: TaskState, signal: AbortSignal): Promise<StageUpdate> => {
    const helping = helpJoining(bench, state, signal);
    const { results } = state;
    const joined = await joinResults(bench, state, { results, help: helping.help });
    const usage = helping.usage();
    if (joined.kind === "conflicted") {
      const { item, files, report } = joined;
      const conflict: Outcome = {
        kind: "conflicted",
        item,
        files: [...files],
        report: [...report],
      };
      return { usage, outcome: modelFailure(helping.exhausted()) ?? conflict };
    }
    await noteResolutions(bench, helping.resolutions());
    const added = joined.commits.map(({ item, changeSet }) => ({
      title: titleOf(state, item),
      item,
      changeSet,
    }));
    const merged = joined.report.length > 0 ? { merged: joined.report } : {};
    return { usage, commits: [...state.commits, ...added], ...merged };
  };
