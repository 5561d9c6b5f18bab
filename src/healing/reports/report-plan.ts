import type { Check } from "../../core/plan.ts";
import type { PackageScripts } from "../package-scripts.ts";
import { type SimpleCommand, simpleCommands } from "../shell-words.ts";
import { toolBehind } from "../tool-behind.ts";
import { go } from "./go.ts";
import { jest } from "./jest.ts";
import { nodeTest } from "./node-test.ts";
import { pytest } from "./pytest.ts";
import type { ReportFormat } from "./read-report.ts";
import { vitest } from "./vitest.ts";

/** How a check is run so that its runner counts for us, its meaning unchanged. Empty where that is not certain. */
export interface ReportPlan {
  /** To be run instead of the check's own command: the same with a report more. */
  readonly command?: string;
  /** Added to the environment. */
  readonly env?: Readonly<Record<string, string>>;
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

const RUNNERS: readonly Runner[] = [vitest, jest, nodeTest, pytest, go];

/** How a check can be made to report. Two runners in one check would report over each other, so neither does. */
export function reportPlan(check: Check, files: RunnerFiles): ReportPlan {
  const commands = toolBehind(check, files.scripts).commands.flatMap(
    (command) => simpleCommands(command) ?? [],
  );
  const uses = commands.flatMap((command) =>
    RUNNERS.filter((runner) => runner.is(command)).map((runner) => ({ runner, command })),
  );
  const [use] = uses;
  // Programs that nobody knows may still speak TAP, which says itself what it is.
  if (!use) return { stdout: "tap" };
  if (uses.length > 1) return {};
  return use.runner.plan({ check, runner: use.command, commands, files });
}
