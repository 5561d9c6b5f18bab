import { clip } from "../core/clip.ts";
import type { Mirror } from "../core/git.ts";
import type { Brief } from "../swarm/brief.ts";
import { retrieveFiles } from "./retrieve-files.ts";
import { baseOf, headOf, type TaskState } from "./task-state.ts";
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

/** What the architect may read: the request, where its words lead, the repository's shape and rules, and how its checks stand. */
export async function readBrief(
  bench: Workbench,
  state: TaskState,
  signal: AbortSignal,
): Promise<Brief> {
  const [platform, mirror] = await Promise.all([bench.platform(), bench.mirror()]);
  const head = headOf(state);
  const { title, body } = await platform.issue(state.task.issue);
  const checks = (state.evidence ?? state.baseline)?.checks ?? [];
  const red = checks.filter(({ passed }) => !passed).map(({ output }) => clip(output, MAX_OUTPUT));
  const text = [state.task.request, title, body, ...red].join("\n");
  // Only the default branch makes rules: a pull request cannot change them for its own sake.
  const policy = state.environment?.commit ?? baseOf(state).commit;
  const [paths, found, files, rules] = await Promise.all([
    mirror.listFiles(head),
    retrieveFiles(mirror, { commit: head, text, most: MAX_FOUND, signal }),
    readAll(mirror, head, KEY_FILES),
    readAll(mirror, policy, RULE_FILES),
  ]);
  const { request } = state.task;
  return { request, issue: { title, body }, paths, found, files, rules, checks, deny: state.deny };
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
