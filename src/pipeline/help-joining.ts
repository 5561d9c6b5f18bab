import type { NexusError } from "../core/errors.ts";
import type { FileReport } from "../core/merge.ts";
import { addUsage, NO_USAGE, type Usage } from "../core/usage.ts";
import type { Unjoined } from "../merge/merge.ts";
import { type Helped, type HelpedFile, settleWithHelp } from "../merge/settle-with-help.ts";
import { completeTree } from "../merge/trees/complete-tree.ts";
import type { ConflictedTree, TreeResult } from "../merge/trees/tree-result.ts";
import { makeAnew } from "./make-anew.ts";
import type { TaskState } from "./task-state.ts";
import type { Workbench } from "./workbench.ts";

/** Who joins what the texts of work items do not prove, and what it has cost so far. */
export interface JoiningHelp {
  help(left: ConflictedTree, of: Unjoined): Promise<TreeResult>;
  usage(): Usage;
  /** Where nothing but money was missing. */
  exhausted(): NexusError | undefined;
  /** To be remembered once the checks are green on the branch. */
  resolutions(): HelpedFile["resolutions"];
}

/**
 * Settles what is left of an item by what is remembered, by a model where there is one, and by the commands that
 * make files anew. All of it is only proposed: the shadow run of the branch decides.
 */
export function helpJoining(bench: Workbench, state: TaskState, signal: AbortSignal): JoiningHelp {
  let usage = NO_USAGE;
  let exhausted: NexusError | undefined;
  const resolutions: HelpedFile["resolutions"][number][] = [];
  return {
    usage: () => usage,
    exhausted: () => exhausted,
    resolutions: () => resolutions,
    async help(left, of) {
      const mirror = await bench.mirror();
      const settled = await settle({ bench, state, left, of }, signal);
      usage = addUsage(usage, settled.usage);
      exhausted ??= settled.exhausted;
      resolutions.push(...settled.files.flatMap((file) => file.resolutions));
      const texts = await completeTree(left, settled.files.map(laterAnswer), mirror);
      if (texts.kind === "merged") return texts;
      const { regenerate: files } = texts;
      const open = [...texts.unsettled.map(({ sides }) => sides.path), ...texts.stuck];
      const making = { bench, mirror, state, parent: of.onto, tree: texts.tree, files, open };
      const made = await makeAnew(making, signal);
      const reports = made.reports.map((report) => ({ report }));
      return completeTree({ ...texts, tree: made.tree }, reports, mirror);
    },
  };
}

interface Settling {
  readonly bench: Workbench;
  readonly state: TaskState;
  readonly left: ConflictedTree;
  readonly of: Unjoined;
}

async function settle({ bench, state, left, of }: Settling, signal: AbortSignal): Promise<Helped> {
  const { mergeHelp } = bench;
  // What a model could settle would not be used while something else is left.
  const isHopeless = left.stuck.length > 0 || left.unsettled.length === 0;
  if (!mergeHelp || isHopeless) return { files: [], usage: NO_USAGE };
  const items = state.workPlan?.items ?? [];
  const mine = items.find(({ id }) => id === of.item);
  const others = items.filter(({ id }) => of.before.includes(id));
  const intents = {
    ours: {
      title: state.task.request,
      messages: others.map(({ title, goal }) => `${title}\n\n${goal}`),
    },
    theirs: { title: mine?.title ?? of.item, messages: mine ? [mine.goal] : [] },
  };
  const syntax = await bench.syntax();
  return settleWithHelp(left.unsettled, { ...mergeHelp, syntax, intents, signal });
}

function laterAnswer({ path, merge }: HelpedFile): { report: FileReport; text: string } {
  return { report: { path, kind: merge.kind, hunks: [...merge.hunks] }, text: merge.text };
}
