import type { Check } from "../../core/plan.ts";
import type { PackageScripts } from "../package-scripts.ts";
import type { SimpleCommand } from "../shell-words.ts";
import type { ReportFormat } from "./read-report.ts";

/** How a check is run so that its runner counts for us, its meaning unchanged. Empty where that is not certain. */
export interface ReportPlan {
  /** To be run instead of the check's own command: the same with a report more. */
  readonly command?: string;
  /** Where the report will be. */
  readonly file?: { readonly path: string; readonly format: ReportFormat };
  /** What the output itself is, if it is a report at all. */
  readonly stdout?: ReportFormat;
  /** The runner's exit code when it refuses what was added, before it has run anything. */
  readonly refusal?: number;
}

/** What of the repository's files decides whether a report may be asked for. */
export interface RunnerFiles {
  readonly scripts: PackageScripts;
  /** A config of Vitest or Vite names reporters of its own, which ours would put out of work. */
  readonly ownReporters: boolean;
}

/** A check with its one runner. */
export interface RunnerUse {
  readonly check: Check;
  readonly runner: SimpleCommand;
  /** All simple commands behind the check, in order. */
  readonly commands: readonly SimpleCommand[];
  readonly files: RunnerFiles;
}

/** One test runner. */
export interface Runner {
  is(command: SimpleCommand): boolean;
  plan(use: RunnerUse): ReportPlan;
}
