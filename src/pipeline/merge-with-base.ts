import type { Edit } from "../core/change-set.ts";
import type { NexusError } from "../core/errors.ts";
import type { LeftConflict } from "../core/left-conflict.ts";
import type { FileReport, Intent } from "../core/merge.ts";
import { NO_USAGE, type Usage } from "../core/usage.ts";
import { mergeCommits } from "../merge/merge-trees.ts";
import { type Helped, type HelpedFile, settleWithHelp } from "../merge/settle-with-help.ts";
import type { ConflictedTree, UnsettledTreeFile } from "../merge/trees/tree-result.ts";
import { leftConflict } from "./left-conflict.ts";
import { makeAnew } from "./make-anew.ts";
import type { TaskState } from "./task-state.ts";
import type { TaskMirror, Workbench } from "./workbench.ts";

/** Two commits that are to become one: the pull request's, and the one of its base. */
export interface TwoSides {
  readonly ours: string;
  readonly theirs: string;
  /** The pull request's title. Hostile text. */
  readonly title: string;
  /** Whether the base's newest commits are wanted also where nothing conflicts. */
  readonly always: boolean;
}

/** How two histories go together. */
export type BaseMerge =
  /** git's own merge is right, and the platform wants nothing more. */
  | { readonly kind: "clean" }
  | { readonly kind: "no-base"; readonly why: "shallow" | "unrelated" }
  | {
      readonly kind: "merged";
      readonly tree: string;
      readonly report: readonly FileReport[];
      readonly usage: Usage;
      /** To be remembered once the checks are green. */
      readonly resolutions: HelpedFile["resolutions"];
    }
  | {
      readonly kind: "conflicted";
      readonly report: readonly FileReport[];
      /** Every path that is left. */
      readonly files: readonly string[];
      /** The first of them, with all that is known for a person. */
      readonly left: readonly LeftConflict[];
      readonly usage: Usage;
      /** Where nothing but money was missing. */
      readonly exhausted: NexusError | undefined;
    };

/** Merges by history, which is here, and by every stage there is. A conflict is an answer; what is merged is still to be verified. */
export async function mergeWithBase(
  { bench, state }: { readonly bench: Workbench; readonly state: TaskState },
  sides: TwoSides,
  signal: AbortSignal,
): Promise<BaseMerge> {
  const mirror = await bench.mirror();
  const byGit = await mirror.mergeCommits(sides);
  if (byGit.kind === "no-base") return { kind: "no-base", why: byGit.why };
  const syntax = await bench.syntax();
  const ports = { mirror: { ...mirror, mergeCommits: async () => byGit }, syntax };
  const merge = await mergeCommits(sides, ports);
  if (merge.kind === "no-base") return { kind: "no-base", why: merge.why };
  const done =
    merge.kind === "merged"
      ? ({ ...NOTHING_SPENT, kind: "merged", tree: merge.tree, report: merge.files } as const)
      : await withHelp({ bench, mirror, sides, state, merge }, signal);
  const isEnough = byGit.kind === "clean" && !sides.always && isAsJoined(done, byGit.tree);
  return isEnough ? { kind: "clean" } : done;
}

const NOTHING_SPENT = { usage: NO_USAGE, resolutions: [] };

/** Whether a merge is what git makes of it, and leaves nothing that only checks can tell. */
function isAsJoined(merge: BaseMerge, tree: string): boolean {
  if (merge.kind !== "merged" || merge.tree !== tree) return false;
  return merge.report.every(({ hunks }) => hunks.every(({ stage }) => stage !== "git"));
}

interface Conflicted {
  readonly bench: Workbench;
  readonly mirror: TaskMirror;
  readonly sides: TwoSides;
  readonly state: Pick<TaskState, "task" | "environment">;
  readonly merge: ConflictedTree;
}

/**
 * Asks a model, where there is one, for what the texts do not prove, and makes anew what follows from other files.
 * All conflicts are settled, or none is.
 */
async function withHelp(conflicted: Conflicted, signal: AbortSignal): Promise<BaseMerge> {
  const { bench, mirror, sides, state, merge } = conflicted;
  const { files: helped, usage, ...money } = await helpFor(conflicted, signal);
  const settled = helped.filter((file) => file.merge.kind === "merged");
  const open = openPaths(merge, settled);
  const edits = editsOf(merge.unsettled, settled);
  const tree = edits.length > 0 ? await mirror.editTree(merge.tree, edits) : merge.tree;
  const { regenerate: files } = merge;
  const job = { bench, mirror, state, parent: sides.ours, tree, files, open };
  const made = await makeAnew(job, signal);

  const report = reported(merge.files, helped, made.reports);
  const failed = made.reports.filter(({ kind }) => kind === "conflicted").map(({ path }) => path);
  const left = [...open, ...failed].sort();
  if (left.length > 0) {
    const facts = { merge: { ...merge, files: report }, helped };
    const shown = await told(conflicted, facts, left);
    const exhausted = failed.length === 0 ? money.exhausted : undefined;
    return { kind: "conflicted", report, files: left, left: shown, usage, exhausted };
  }
  const resolutions = helped.flatMap((file) => file.resolutions);
  return { kind: "merged", tree: made.tree, report, usage, resolutions };
}

async function helpFor(
  { bench, mirror, sides, merge }: Conflicted,
  signal: AbortSignal,
): Promise<Helped> {
  const { mergeHelp } = bench;
  // What a model could settle would not be pushed while something else is left.
  const isHopeless = merge.stuck.length > 0 || merge.unsettled.length === 0;
  if (!mergeHelp || isHopeless) return { files: [], usage: NO_USAGE };
  const syntax = await bench.syntax();
  const intents = await intentsOf(mirror, sides);
  return settleWithHelp(merge.unsettled, { ...mergeHelp, syntax, intents, signal });
}

const MESSAGES = 20;

async function intentsOf(mirror: TaskMirror, { ours, theirs, title }: TwoSides) {
  const [mine, others] = await Promise.all([
    mirror.newestMessages({ of: ours, without: theirs, most: MESSAGES }),
    mirror.newestMessages({ of: theirs, without: ours, most: MESSAGES }),
  ]);
  const base: Intent = { title: "What was merged into the base meanwhile", messages: others };
  return { ours: { title, messages: mine }, theirs: base };
}

function reported(
  reports: readonly FileReport[],
  helped: readonly HelpedFile[],
  made: readonly FileReport[],
): readonly FileReport[] {
  const later = new Map(helped.map(({ path, merge }) => [path, merge]));
  const anew = new Map(made.map((report) => [report.path, report]));
  return reports.map((report) => {
    const merge = later.get(report.path);
    // What nobody helped with keeps what was said of it.
    if (merge?.kind === "merged") return { ...report, kind: merge.kind, hunks: [...merge.hunks] };
    return anew.get(report.path) ?? report;
  });
}

/** Texts and other entries that nobody settled. */
function openPaths(merge: ConflictedTree, settled: readonly HelpedFile[]): readonly string[] {
  const done = new Set(settled.map(({ path }) => path));
  const texts = merge.unsettled.map(({ sides }) => sides.path).filter((path) => !done.has(path));
  return [...new Set([...texts, ...merge.stuck])];
}

function editsOf(
  unsettled: readonly UnsettledTreeFile[],
  helped: readonly HelpedFile[],
): readonly Edit[] {
  const modes = new Map(unsettled.map(({ sides, mode }) => [sides.path, mode]));
  return helped.map(({ path, merge }): Edit => {
    const content = new TextEncoder().encode(merge.text);
    return { kind: "write", path, mode: modes.get(path) ?? "100644", content };
  });
}

/** More files than anybody reads in a comment need no looking up. */
const TOLD = 20;
const TITLES = 3;

async function told(
  { mirror, sides }: Conflicted,
  facts: { readonly merge: ConflictedTree; readonly helped: readonly HelpedFile[] },
  left: readonly string[],
): Promise<readonly LeftConflict[]> {
  const { ours, theirs } = sides;
  const told: LeftConflict[] = [];
  for (const path of left.slice(0, TOLD)) {
    const [mine, others] = await Promise.all([
      mirror.newestMessages({ of: ours, without: theirs, path, most: TITLES }),
      mirror.newestMessages({ of: theirs, without: ours, path, most: TITLES }),
    ]);
    const titles = { ours: [sides.title, ...mine], theirs: others };
    told.push(leftConflict(path, { ...facts, titles }));
  }
  return told;
}
