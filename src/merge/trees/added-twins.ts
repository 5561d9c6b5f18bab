import { caseTwins } from "../../core/case-twins.ts";
import type { Mirror } from "../../core/git.ts";
import type { Answered } from "./answers.ts";

/** Trees whose files are compared: those of both sides, and what a merge made of them. */
interface Trees {
  readonly ours: string;
  readonly theirs: string;
  readonly merged: string;
}

const WHY =
  "each side has another spelling of one name, and many file systems take the two for one file";

/**
 * Paths that only the merge puts side by side, and that a folder which folds case or composes characters would make
 * one of: a person's to name. What a side had like that already is its own.
 */
export async function addedTwins(
  mirror: Pick<Mirror, "listFiles">,
  { ours, theirs, merged }: Trees,
): Promise<readonly Answered[]> {
  const [here, mine, others] = await Promise.all(
    [merged, ours, theirs].map(async (tree) => caseTwins(await mirror.listFiles(tree))),
  );
  const known = new Set([...(mine ?? []), ...(others ?? [])]);
  const added = [...(here ?? [])].filter((path) => !known.has(path));
  return added.map((path) => ({ path, answer: { kind: "stuck", why: WHY } }));
}
