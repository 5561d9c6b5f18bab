import type { Range } from "./changed-files.ts";
import type { Git } from "./git.ts";
import { objectId } from "./names.ts";

/** As many as git's merge itself looks at. */
const LIMIT = "-l7000";

/** Old names by new ones, by the measure of git's merge. */
export async function renamesOf(git: Git, range: Range): Promise<ReadonlyMap<string, string>> {
  const { gitDir, from, to } = range;
  const what = ["-r", "-z", "-M", LIMIT, "--diff-filter=R", "--name-status"];
  const args = ["diff-tree", ...what, objectId(from), objectId(to)];
  const { stdout } = await git.run(args, { gitDir });
  const fields = stdout.toString("utf8").split("\0");
  const renames = new Map<string, string>();
  for (let at = 0; fields[at]; at += 3) renames.set(fields[at + 2] ?? "", fields[at + 1] ?? "");
  return renames;
}
