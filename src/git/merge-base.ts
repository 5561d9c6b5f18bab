import { readFile } from "node:fs/promises";
import { join } from "node:path";
import type { Git } from "./git.ts";
import { objectId } from "./names.ts";

/** Two commits of one bare repository. */
export interface Pair {
  readonly gitDir: string;
  readonly ours: string;
  readonly theirs: string;
}

/** What two commits have in common. */
export interface Ancestry {
  /** All best common ancestors that are known here. */
  readonly bases: readonly string[];
  /** Commits of one side alone whose parents are not here: behind them may be a better base. */
  readonly cut: readonly string[];
}

/** The common ancestors of two commits, and where the history of a shallow repository hides others. */
export async function ancestryOf(git: Git, { gitDir, ours, theirs }: Pair): Promise<Ancestry> {
  const pair = [objectId(ours), objectId(theirs)];
  const [found, shallow] = await Promise.all([
    git.run(["merge-base", "--all", ...pair], { gitDir, answers: [0, 1] }),
    shallowCommits(gitDir),
  ]);
  const bases = wordsOf(found.stdout).map(objectId).sort();
  return { bases, cut: await onOneSide(git, { gitDir, pair, shallow }) };
}

/** Commits at which the history of a repository ends for no other reason than that it was not fetched. */
async function shallowCommits(gitDir: string): Promise<ReadonlySet<string>> {
  const bytes = await readFile(join(gitDir, "shallow")).catch((error: unknown) => {
    if (error instanceof Error && "code" in error && error.code === "ENOENT") return Buffer.of();
    throw error;
  });
  return new Set(wordsOf(bytes));
}

async function onOneSide(
  git: Git,
  {
    gitDir,
    pair,
    shallow,
  }: { gitDir: string; pair: readonly string[]; shallow: ReadonlySet<string> },
): Promise<readonly string[]> {
  if (shallow.size === 0) return [];
  const { stdout } = await git.run(["rev-list", pair.join("...")], { gitDir });
  return wordsOf(stdout).filter((id) => shallow.has(id));
}

function wordsOf(bytes: Buffer): string[] {
  return bytes.toString("latin1").split("\n").filter(Boolean);
}
