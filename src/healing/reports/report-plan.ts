import type { Check } from "../../core/plan.ts";
import { simpleCommands } from "../shell-words.ts";
import { toolBehind } from "../tool-behind.ts";
import { go } from "./go.ts";
import { jest } from "./jest.ts";
import { nodeTest } from "./node-test.ts";
import { pytest } from "./pytest.ts";
import type { ReportPlan, Runner, RunnerFiles } from "./runner.ts";
import { vitest } from "./vitest.ts";

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
