import type { FileReport } from "../core/merge.ts";
import { JOINED } from "../merge/trees/check-joined.ts";
import type { RegenerateFile } from "../merge/trees/tree-result.ts";
import { regenerate } from "./regenerate.ts";
import type { TaskState } from "./task-state.ts";
import type { TaskMirror, Workbench } from "./workbench.ts";

interface Making {
  readonly bench: Workbench;
  readonly mirror: TaskMirror;
  readonly state: Pick<TaskState, "task" | "environment">;
  /** The commit that is merged into. */
  readonly parent: string;
  /** Everything that is merged so far. */
  readonly tree: string;
  readonly files: readonly RegenerateFile[];
  /** Paths that are not merged, beside these files. */
  readonly open: readonly string[];
}

interface Made {
  readonly tree: string;
  /** What became of each file: merged where it was made anew, or may stand as git joined it. */
  readonly reports: readonly FileReport[];
}

/**
 * Makes files anew one after the other, each on the tree with those before; lockfiles first, from which the
 * repository's own scripts are installed. A dry run makes none.
 */
export async function makeAnew(making: Making, signal: AbortSignal): Promise<Made> {
  const { bench, mirror, state, parent } = making;
  const files = making.files.toSorted(
    (a, b) => Number(a.by.isOwnScript) - Number(b.by.isOwnScript),
  );
  const { task, environment } = state;
  let { tree } = making;
  const reports: FileReport[] = [];
  for (const [index, file] of files.entries()) {
    const { sides, by } = file;
    if (task.dryRun) {
      reports.push(notMade(file, "a dry run executes no command that could make it anew"));
      continue;
    }
    const conflicted = [...making.open, ...files.slice(index + 1).map(({ path }) => path)];
    const job = { sandbox: bench.sandbox, mirror, taskId: task.id, environment, parent, tree };
    const made = await regenerate({ ...job, conflicted, sides, by }, signal);
    if (made.kind === "conflict") {
      reports.push(notMade(file, made.why));
      continue;
    }
    tree = await mirror.editTree(tree, [made.edit]);
    reports.push(made.report);
  }
  return { tree, reports };
}

function notMade({ path, mayStand, why: rule }: RegenerateFile, reason: string): FileReport {
  const about = { line: 1, confidence: "proposed" } as const;
  if (mayStand) {
    const why = `${JOINED}; ${reason}`;
    return { path, kind: "merged", hunks: [{ stage: "git", ...about, why }] };
  }
  const why = `${rule}; ${reason}`;
  return { path, kind: "conflicted", hunks: [{ stage: "regenerated", ...about, why }] };
}
