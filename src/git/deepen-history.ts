import type { Git } from "./git.ts";
import { ancestryOf, type Pair } from "./merge-base.ts";
import type { Remote } from "./remote.ts";

/** Most branches are young; the last step is more than any history has. */
const STEPS = [50, 500, 5_000, 1_000_000];

/**
 * Brings history in growing steps until the common ancestors of two commits are known for sure. Returns the
 * commits whose parents are not here even then, and would be needed.
 */
export async function deepenHistory(
  git: Git,
  remote: Pick<Remote, "deepen">,
  pair: Pair,
): Promise<readonly string[]> {
  let { cut } = await ancestryOf(git, pair);
  for (const step of STEPS) {
    if (cut.length === 0) break;
    await remote.deepen(cut, step);
    ({ cut } = await ancestryOf(git, pair));
  }
  return cut;
}
