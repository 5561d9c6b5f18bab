import { clip } from "../core/clip.ts";
import type { CheckResult } from "../core/evidence.ts";
import type { Mirror } from "../core/git.ts";
import type { Brief, Revision } from "../swarm/brief.ts";
import type { LookUpLimits } from "../swarm/look-up-budget.ts";
import { retrieveFiles } from "./retrieve-files.ts";
import { baseOf, headOf, type TaskState } from "./task-state.ts";
import { Briefed } from "./trajectory.ts";
import type { Workbench } from "./workbench.ts";

/** Files that tell most about a repository, in the order of their worth. */
const KEY_FILES = [
  "README.md",
  "package.json",
  "tsconfig.json",
  "pyproject.toml",
  "Cargo.toml",
  "go.mod",
];

/** Where repositories say what they ask of people and programs who change them. */
const RULE_FILES = [
  "AGENTS.md",
  "CLAUDE.md",
  ".github/copilot-instructions.md",
  "CONTRIBUTING.md",
  ".github/CONTRIBUTING.md",
];

const MAX_FOUND = 24;
const MAX_OUTPUT = 4_000;

interface Asking {
  /** An earlier plan with what people said to it. */
  readonly revision: Revision | undefined;
  readonly limits: LookUpLimits | undefined;
  readonly signal: AbortSignal;
}

/** What the architect is told, in the form in which it is recorded: the request, where its words lead, how the checks stand, and the commits that hold the rest. */
export async function readBriefed(
  bench: Workbench,
  state: TaskState,
  { revision, limits, signal }: Asking,
): Promise<Briefed> {
  const [platform, mirror] = await Promise.all([bench.platform(), bench.mirror()]);
  const commit = headOf(state);
  const { request } = state.task;
  const { title, body } = await platform.issue(state.task.issue);
  const checks = ((state.evidence ?? state.baseline)?.checks ?? []).map(withoutGreenOutput);
  const red = checks.filter(({ passed }) => !passed).map(({ output }) => clip(output, MAX_OUTPUT));
  const text = [request, title, body, ...red].join("\n");
  const found = await retrieveFiles(mirror, { commit, text, most: MAX_FOUND, signal });
  // Only the default branch makes rules: a pull request cannot change them for its own sake.
  const rules = { commit: state.environment?.commit ?? baseOf(state).commit };
  const told = { request, issue: { title, body }, checks, found, deny: state.deny, revision };
  return Briefed.parse({ kind: "briefed", commit, rules, told, limits });
}

/** Nobody is shown it. */
function withoutGreenOutput(check: CheckResult): CheckResult {
  return check.passed ? { ...check, output: "" } : check;
}

/** What the architect may read: what it is told, and the repository's shape, key files and rules. The same record makes the same brief. */
export async function briefOf(
  mirror: Pick<Mirror, "readFile" | "listFiles">,
  { commit, rules: policy, told }: Briefed,
): Promise<Brief> {
  const paths = await mirror.listFiles(commit);
  const there = new Set(paths);
  const [files, rules] = await Promise.all([
    readAll(
      mirror,
      commit,
      KEY_FILES.filter((path) => there.has(path)),
    ),
    readAll(mirror, policy.commit, RULE_FILES),
  ]);
  return { ...told, paths, files, rules };
}

async function readAll(
  mirror: Pick<Mirror, "readFile">,
  commit: string,
  paths: readonly string[],
): Promise<Brief["files"]> {
  const files = await Promise.all(
    paths.map(async (path) => ({ path, content: await mirror.readFile(commit, path) })),
  );
  return files.flatMap(({ path, content }) => (content === undefined ? [] : [{ path, content }]));
}
