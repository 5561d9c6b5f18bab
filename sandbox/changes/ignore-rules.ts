import { randomUUID } from "node:crypto";
import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { couldMatch } from "./could-match.ts";
import { askTool } from "./host-tool.ts";
import { below, bytesOf, parentOf, placeOf, type RawPath, rawOf } from "./raw-path.ts";
import { refusedWhole } from "./refusals.ts";

/** The rule files of a tree, by their paths. */
export type Rules = ReadonlyMap<RawPath, Buffer>;

// No configuration, no attributes, no rule but those of the tree.
const ENVIRONMENT = {
  HOME: "/dev/null",
  XDG_CONFIG_HOME: "/dev/null",
  GIT_CONFIG_NOSYSTEM: "1",
  GIT_CONFIG_GLOBAL: "/dev/null",
  GIT_ATTR_NOSYSTEM: "1",
  GIT_OPTIONAL_LOCKS: "0",
};
const ARGS = [
  ...["core.excludesFile=/dev/null", "core.hooksPath=/dev/null", "core.fsmonitor=false"].flatMap(
    (setting) => ["-c", setting],
  ),
  "check-ignore",
  "--no-index",
  "-z",
  "--stdin",
];

// Before every path, so that none is taken for an option or for a pattern of git's.
const HERE = Buffer.from("./");

/** The paths at which rules for these paths may lie: an ignore file in each folder on the way. */
export function rulePathsFor(paths: readonly RawPath[]): RawPath[] {
  const folders = new Set<RawPath>([""]);
  for (const path of paths) {
    for (let end = path.lastIndexOf("/"); end > 0; end = path.lastIndexOf("/", end - 1)) {
      const folder = path.slice(0, end);
      if (folders.has(folder)) break;
      folders.add(folder);
    }
  }
  return [...folders].map((folder) => below(folder, ".gitignore"));
}

/**
 * Which of these paths git would ignore by these rules; a path with a slash at its end is a folder. Asked in an
 * empty repository of its own below the scratch folder, which holds nothing but the rules: git never sees a
 * tree or a configuration that a command could write. Throws `sandbox.refused-path` where git gives no answer.
 */
export async function ignoredBy(
  rules: Rules,
  paths: readonly RawPath[],
  scratch: string,
): Promise<ReadonlySet<RawPath>> {
  if (!couldMatch(rules.values(), paths)) return new Set();
  const folder = join(scratch, `rules-${randomUUID()}`);
  try {
    const { gitDir, tree } = emptyRepository(folder, rules);
    const { exitCode, stdout } = await askTool({
      program: "git",
      args: ARGS,
      cwd: tree,
      env: { ...ENVIRONMENT, GIT_DIR: gitDir, GIT_WORK_TREE: tree },
      input: Buffer.concat(paths.flatMap((path) => [HERE, bytesOf(path), Buffer.of(0)])),
    });
    // 1 says that none of them is ignored. Rules may be written so that nobody ever gets through.
    if (exitCode !== 0 && exitCode !== 1) throw refusedWhole("git cannot apply the ignore rules");
    const named = rawOf(stdout).split("\0").slice(0, -1);
    return new Set(named.map((path) => path.slice(HERE.length)));
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

// Below the scratch folder a path is longer than it was, and may be longer than the kernel takes.
function writeRule(tree: string, path: RawPath, content: Buffer): void {
  try {
    mkdirSync(placeOf(tree, parentOf(path)), { recursive: true });
    writeFileSync(placeOf(tree, path), content);
  } catch (error) {
    const isLong = error instanceof Error && "code" in error && error.code === "ENAMETOOLONG";
    throw isLong ? refusedWhole("ignore rules lie at a path that is too long") : error;
  }
}

// What git asks of a repository, without the time of `git init`.
function emptyRepository(folder: string, rules: Rules): { gitDir: string; tree: string } {
  const gitDir = join(folder, "git");
  const tree = join(folder, "tree");
  for (const part of ["objects", "refs"])
    mkdirSync(join(gitDir, part), { recursive: true, mode: 0o700 });
  writeFileSync(join(gitDir, "HEAD"), "ref: refs/heads/none\n");
  mkdirSync(tree);
  for (const [path, content] of rules) writeRule(tree, path, content);
  return { gitDir, tree };
}
