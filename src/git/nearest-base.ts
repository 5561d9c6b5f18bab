import { createGit, type Git } from "./git.ts";
import { objectId } from "./names.ts";

/** For which commit a near one is looked for, and among which. */
export interface NearestBase {
  readonly gitDir: string;
  readonly commit: string;
  /** Full ids, most wanted first; the repository need not know them. */
  readonly candidates: readonly string[];
  readonly signal?: AbortSignal;
}

/** A commit with the number of paths that differ. */
export interface Near {
  readonly commit: string;
  readonly paths: number;
}

/** Above it a checkout is not much slower. */
const MAX_PATHS = 2_000;
const MAX_BYTES = 512 * 1024;
/** So near that nothing nearer is worth the search. */
const ENOUGH = 50;

/** The candidate whose files differ least from the commit's, its parents before all; undefined where none is near. */
export async function nearestBase(wanted: NearestBase): Promise<Near | undefined> {
  const git = createGit();
  const parents = await parentsOf(git, wanted);
  const isParent = (id: string) => parents.includes(id);
  const parentsFirst = [
    ...wanted.candidates.filter(isParent),
    ...wanted.candidates.filter((id) => !isParent(id)),
  ];
  let best: Near | undefined;
  for (const candidate of parentsFirst) {
    const paths = await distance(git, candidate, wanted);
    if (paths === undefined || paths >= (best?.paths ?? MAX_PATHS + 1)) continue;
    best = { commit: candidate, paths };
    if (paths <= ENOUGH || isParent(candidate)) break;
  }
  return best;
}

async function parentsOf(git: Git, { gitDir, commit, signal }: NearestBase): Promise<string[]> {
  const { stdout } = await git.run(["cat-file", "commit", objectId(commit)], { gitDir, signal });
  const header = stdout.subarray(0, stdout.indexOf("\n\n")).toString("latin1");
  return [...header.matchAll(/^parent ([0-9a-f]+)$/gm)].flatMap(([, id]) => id ?? []);
}

/** How many paths differ; undefined for too many, and for a commit that is not here. */
async function distance(
  git: Git,
  from: string,
  { gitDir, commit, signal }: NearestBase,
): Promise<number | undefined> {
  const args = ["diff-tree", "-r", "-z", "--name-only", "--no-renames", "--ignore-submodules=none"];
  const { exitCode, stdout } = await git.run([...args, objectId(from), commit], {
    gitDir,
    signal,
    answers: [0, 128],
    cutAt: MAX_BYTES,
  });
  if (exitCode !== 0 || stdout.length >= MAX_BYTES) return undefined;
  const paths = stdout.toString("latin1").split("\0").length - 1;
  return paths <= MAX_PATHS ? paths : undefined;
}
