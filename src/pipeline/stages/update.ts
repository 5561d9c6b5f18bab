import { z } from "zod";
import { greenEvidence } from "../green-evidence.ts";
import { baseOf, type StageUpdate, type TaskState } from "../task-state.ts";
import type { Workbench } from "../workbench.ts";
import { writeCheckRun } from "../write-check-run.ts";
import { RESOLUTIONS } from "./resolve.ts";

/** Moves the pull request's own branch forward to the verified merge, from exactly where it was read. */
export const update =
  (bench: Workbench) =>
  async (state: TaskState, signal: AbortSignal): Promise<StageUpdate> => {
    const evidence = greenEvidence(state);
    const { branch, commit: from } = baseOf(state);
    const { mergedWith } = state;
    if (!mergedWith) throw new Error("There is nothing that was merged in.");
    await bench.desk.track(state, "green: moving the branch forward");

    const { commit: head, tree } = evidence;
    const joins = mergedWith.commit;
    const bundle = await (await bench.mirror()).bundle(from, head, [joins]);
    const push = { kind: "push", branch, base: from, head, tree, joins } as const;
    await bench.desk.carryOut("push", push, { signal, bundle });

    await rememberResolutions(bench);

    const problem = await writeCheckRun({ bench, state, evidence }, signal);
    const { issue: number } = state.task;
    const { url } = await (await bench.platform()).pullRequest(number);
    const pullRequest = { number, url, head, branch };
    const checkRunProblem = problem === undefined ? {} : { checkRunProblem: problem };
    return {
      outcome: { kind: "resolved", pullRequest, base: mergedWith, evidence, ...checkRunProblem },
    };
  };

const Resolutions = z.array(z.object({ key: z.string(), text: z.string() }));

/** The same conflict is settled the same way the next time, as a proposal that is verified again. */
async function rememberResolutions({ memory, mergeHelp }: Workbench): Promise<void> {
  const { data = [] } = Resolutions.safeParse(await memory.recall(RESOLUTIONS));
  for (const { key, text } of data) await mergeHelp?.memory.keep(key, text);
}
