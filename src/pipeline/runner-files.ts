import type { Mirror } from "../core/git.ts";
import { readPackageScripts } from "../healing/package-scripts.ts";
import { mayNameReporters, VITEST_CONFIGS } from "../healing/reports/own-reporters.ts";
import type { RunnerFiles } from "../healing/reports/runner.ts";

/** What of a commit's files decides how its checks can be made to report. */
export async function readRunnerFiles(mirror: Mirror, commit: string): Promise<RunnerFiles> {
  const packageJson = await mirror.readFile(commit, "package.json");
  const { scripts } = readPackageScripts(packageJson);
  const paths = packageJson?.includes("vitest") ? VITEST_CONFIGS : [];
  const configs = await Promise.all(paths.map((path) => mirror.readFile(commit, path)));
  const ownReporters = configs.some((config) => config !== undefined && mayNameReporters(config));
  return { scripts, ownReporters };
}
