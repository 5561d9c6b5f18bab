import { commitMessage } from "../../conversation/commit-message.ts";
import { intentOf } from "../../conversation/intent.ts";
import { failuresIn } from "../../healing/failures.ts";
import { FIXERS } from "../../healing/fixers/fixers.ts";
import { repairsFor } from "../../healing/repair.ts";
import { headOf, type StageUpdate, type TaskState } from "../task-state.ts";
import type { Workbench } from "../workbench.ts";
import { workspaceOf } from "../workspace.ts";

/** Lets the fixers that know a failure mend it, in the sandbox. Whether it is mended, the shadow run says. */
export const repair =
  (bench: Workbench) =>
  async (state: TaskState, signal: AbortSignal): Promise<StageUpdate> => {
    // Who wants to see a plan first wants nothing done beside it.
    if (state.task.planFirst) return {};
    if (intentOf(state.task.request).kind !== "repair" || !state.baseline) return {};
    const mirror = await bench.mirror();
    const parent = headOf(state);
    const packageJson = await mirror.readFile(parent, "package.json");
    const repairs = repairsFor(failuresIn(state.baseline, packageJson), FIXERS);
    if (repairs.length === 0) return {};

    const names = [...new Set(repairs.map(({ fixer }) => fixer.name))].join(", ");
    await bench.desk.track(state, `repairing by rule: ${names}`);
    const workspace = workspaceOf(mirror, state, parent);
    await using session = await bench.sandbox.open(workspace, signal);
    for (const { command } of repairs) await session.run(["sh", "-c", command]);

    const title = `Repair by rule: ${names}`;
    const message = commitMessage(state.task, title);
    const changeSet = await mirror.commitEdits({ parent, edits: await session.changes(), message });
    return changeSet.files.length === 0 ? {} : { commits: [{ title, changeSet }] };
  };
