import type { AutoMerged, Stage, TreeMerge } from "../core/git.ts";
import type { CommitReader } from "./read-commit.ts";

/** What git joined, and where its sides are. */
export interface Joined {
  /** Names in the merged tree. */
  readonly paths: readonly string[];
  readonly merged: string;
  readonly bases: readonly string[];
  readonly ours: string;
  readonly theirs: string;
  /** Old names by new ones, by either side. */
  readonly renames: ReadonlyMap<string, string>;
}

type Held = ReadonlyMap<string, Stage>;

/**
 * The sides of the files that git joined. Apart are those of which a side cannot be told for sure: a rename that
 * only git saw, or a base that several common ancestors do not agree on.
 */
export async function autoMerged(
  read: CommitReader,
  joined: Joined,
): Promise<Pick<TreeMerge, "autoMerged" | "unread">> {
  const { paths, renames } = joined;
  if (paths.length === 0) return { autoMerged: [], unread: [] };
  const names = [...new Set(paths.flatMap((path) => [path, renames.get(path) ?? path]))];
  const held = async (tree: string): Promise<Held> =>
    new Map((await read.entries(tree, names)).map((entry) => [entry.path, entry]));
  const trees = [joined.merged, joined.ours, joined.theirs, ...joined.bases];
  const [merged, ours, theirs, ...bases] = await Promise.all(trees.map(held));
  const found = paths.flatMap((path): AutoMerged[] => {
    const before = renames.get(path) ?? path;
    const find = (side: Held | undefined) => side?.get(path) ?? side?.get(before);
    const sides = {
      base: agreed(bases.map((base) => base.get(before))),
      ours: find(ours),
      theirs: find(theirs),
      merged: merged?.get(path),
    };
    return isWhole(sides) ? [{ path, ...sides }] : [];
  });
  const known = new Set(found.map(({ path }) => path));
  return { autoMerged: found, unread: paths.filter((path) => !known.has(path)) };
}

function agreed(entries: readonly (Stage | undefined)[]): Stage | undefined {
  const [first, ...more] = entries;
  return more.every((entry) => entry?.id === first?.id) ? first : undefined;
}

type Sides = Omit<AutoMerged, "path">;

function isWhole(sides: { [K in keyof Sides]: Stage | undefined }): sides is Sides {
  return Boolean(sides.base && sides.ours && sides.theirs && sides.merged);
}
