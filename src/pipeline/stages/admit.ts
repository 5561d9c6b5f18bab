import type { StageUpdate, TaskState } from "../task-state.ts";
import type { Workbench } from "../workbench.ts";

/** Asks the platform again whether the requester may ask: rights can be lost while a task waits. */
export const admit =
  (bench: Workbench) =>
  async (state: TaskState): Promise<StageUpdate> => {
    const { requestedBy, keepsMergeable } = state.task;
    // Whoever gave the last word is the one who asks now.
    const asking = state.asked?.answers.at(-1)?.by ?? requestedBy;
    // Nobody asked; whether the branch is still Nexus' own is asked before it is merged.
    if (keepsMergeable) return {};
    const platform = await bench.platform();
    const permission = await platform.permission(asking);
    if (permission === "admin" || permission === "write") return {};
    return { outcome: { kind: "refused", reason: `@${asking} has no write access.` } };
  };
