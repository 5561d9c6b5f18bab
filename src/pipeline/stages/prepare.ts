import type { Mirror } from "../../core/git.ts";
import type { Check } from "../../core/plan.ts";
import type { EnvironmentWish } from "../../core/sandbox.ts";
import { detectChecks } from "../../healing/detect-checks.ts";
import { DEVCONTAINERS, type Devcontainer, readDevcontainer } from "../../healing/devcontainer.ts";
import { type RepositoryShape, STACK_FILES } from "../../healing/stack-checks.ts";
import type { StageUpdate, TaskState } from "../task-state.ts";
import type { Workbench } from "../workbench.ts";
import { workspaceOf } from "../workspace.ts";

type Reader = Pick<Mirror, "readFile" | "listFiles">;

/** Brings the base into the mirror and finds the commands that prove a change. */
export const prepare =
  (bench: Workbench) =>
  async (state: TaskState, signal: AbortSignal): Promise<StageUpdate> => {
    const mirror = await bench.mirror();
    const tips = await fetchTips(bench, state, signal);
    if (!tips) {
      const reason = "The pull request comes from a fork; Nexus cannot push to it.";
      return { outcome: { kind: "refused", reason } };
    }
    const { branch, policy, commit } = tips;
    const found = await detect(mirror, { policy, commit });
    if ("problems" in found) {
      const reason = `.github/nexus.yml or package.json cannot be used: ${found.problems.join("; ")}`;
      return { outcome: { kind: "no-checks", reason } };
    }
    if (found.ignored !== undefined)
      await bench.memory.step("prepare", { kind: "ignored", reason: found.ignored });
    const { checks, environment, deny } = found;
    const base = { branch, commit };
    // Next the checks are run on it.
    const isNext = checks.length > 0 && !state.task.dryRun;
    if (isNext) bench.sandbox.warm(workspaceOf(mirror, { ...state, environment }, commit));
    return { base, checks, environment, deny, commits: [], results: [], corrections: 0 };
  };

/** What the task is about, and who decides on it; undefined for a pull request from a fork. */
async function fetchTips(bench: Workbench, { task }: TaskState, signal: AbortSignal) {
  const [platform, mirror] = await Promise.all([bench.platform(), bench.mirror()]);
  const { defaultBranch } = await platform.repository();
  const policy = await mirror.fetch(defaultBranch, signal);
  if (!task.isPullRequest) return { branch: defaultBranch, policy, commit: policy };
  const { branch, sameRepository } = await platform.pullRequest(task.issue);
  if (!sameRepository) return undefined;
  return { branch, policy, commit: await mirror.fetch(branch, signal) };
}

interface Commits {
  /** The tip of the default branch. */
  readonly policy: string;
  readonly commit: string;
}

interface Found {
  readonly checks: readonly Check[];
  readonly environment: EnvironmentWish;
  readonly deny: readonly string[];
  /** Why the devcontainer has no say. */
  readonly ignored: string | undefined;
}

/** What is to be run, and where. Both are named on the default branch only: a pull request cannot widen its own power, only have its manifests installed there. */
async function detect(
  mirror: Reader,
  { policy, commit }: Commits,
): Promise<Found | { readonly problems: readonly string[] }> {
  const nexusYml = await mirror.readFile(policy, ".github/nexus.yml");
  const packageJson = await mirror.readFile(commit, "package.json");
  const detected = detectChecks({ packageJson, nexusYml });
  if (detected.problems.length > 0) return { problems: detected.problems };
  const { checks } =
    detected.checks.length > 0
      ? detected
      : detectChecks({ packageJson, nexusYml, shape: await shapeOf(mirror, commit) });
  const { image = detected.environment.image, ignored } =
    detected.environment.image === undefined ? await devcontainerOf(mirror, policy) : {};
  const environment = {
    commit: policy,
    ...detected.environment,
    ...(image !== undefined && { image }),
  };
  return { checks, environment, deny: detected.deny, ignored };
}

async function shapeOf(mirror: Reader, commit: string): Promise<RepositoryShape> {
  const paths = await mirror.listFiles(commit);
  const here = new Set(paths);
  const texts = new Map<string, string>();
  for (const path of STACK_FILES) {
    const text = here.has(path) ? await mirror.readFile(commit, path) : undefined;
    if (text !== undefined) texts.set(path, text);
  }
  return { paths, texts };
}

async function devcontainerOf(mirror: Reader, policy: string): Promise<Devcontainer> {
  for (const path of DEVCONTAINERS) {
    const text = await mirror.readFile(policy, path);
    if (text !== undefined) return readDevcontainer(path, text);
  }
  return {};
}
