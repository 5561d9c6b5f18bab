import type { Edit } from "../core/change-set.ts";
import type { Mirror } from "../core/git.ts";
import type { WorkItem } from "../core/plan.ts";
import type { Syntax } from "../core/syntax.ts";
import { symbolProblem } from "../swarm/own-symbols.ts";
import { strayPaths } from "../swarm/safe-path.ts";

interface Harvest {
  readonly edits: readonly Edit[];
  readonly item: WorkItem;
  readonly commit: string;
  readonly mirror: Pick<Mirror, "readFile">;
  syntax(): Promise<Syntax>;
}

/** A command may write anywhere in the container; what lies outside the item's paths, or changes parts of a file that are another item's, does not leave it. */
export async function permitted(
  harvest: Harvest,
): Promise<{ readonly edits: readonly Edit[]; readonly leftBehind: string[] }> {
  const { edits, item } = harvest;
  const outside = strayPaths(
    edits.map(({ path }) => path),
    item.paths,
  );
  const stray = new Set(outside);
  for (const edit of edits) {
    if (!stray.has(edit.path) && (await changesOthers(edit, harvest))) stray.add(edit.path);
  }
  return { edits: edits.filter(({ path }) => !stray.has(path)), leftBehind: [...stray] };
}

/** Whether an edit changes, in a file of which only some parts are the item's, anything else. */
async function changesOthers(edit: Edit, harvest: Harvest): Promise<boolean> {
  const { item, commit, mirror, syntax } = harvest;
  const { path } = edit;
  const own = item.symbols?.filter((one) => one.path === path) ?? [];
  if (own.length === 0) return false;
  const before = await mirror.readFile(commit, path);
  if (edit.kind === "delete") return before !== undefined;
  const after = new TextDecoder().decode(edit.content);
  const names = own.flatMap((one) => one.names);
  const change = { path, before: before ?? "", after, names };
  return symbolProblem(change, await syntax()) !== undefined;
}
