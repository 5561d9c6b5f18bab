import type { Caps } from "../core/budget.ts";
import type { Mirror } from "../core/git.ts";
import type { Outcome } from "../core/outcome.ts";
import type { Check } from "../core/plan.ts";
import type { EnvironmentWish } from "../core/sandbox.ts";
import { detectChecks } from "../healing/detect-checks.ts";
import { DEVCONTAINERS, type Devcontainer, readDevcontainer } from "../healing/devcontainer.ts";
import { type RepositoryShape, STACK_FILES } from "../healing/stack-checks.ts";

type Reader = Pick<Mirror, "readFile" | "listFiles">;

/** Checks that a model names for its own work would prove nothing, so a road ends before there is any. */
export const NOTHING_PROVES =
  "Neither .github/nexus.yml nor the repository's own files name a check, so there is nothing that could prove a change.";

/** How a task ends whose repository names its checks in a way that cannot be read. */
export function unusableChecks(problems: readonly string[]): Outcome {
  const reason = `.github/nexus.yml or package.json cannot be used: ${problems.join("; ")}`;
  return { kind: "no-checks", reason };
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
  /** The most that the default branch lets models cost. */
  readonly budget: Caps;
  /** Why the devcontainer has no say. */
  readonly ignored: string | undefined;
}

/** What is to be run, and where. Both are named on the default branch only: a pull request cannot widen its own power, only have its manifests installed there. */
export async function findChecks(
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
  return { checks, environment, deny: detected.deny, budget: detected.budget, ignored };
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
