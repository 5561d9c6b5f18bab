import type { Syntax } from "../../../../src/core/syntax.ts";
import { mergeFile } from "../../../../src/merge/merge-file.ts";
import type { Tree } from "./seeded-project.ts";

/** The three trees of a merge. */
interface Trees {
  readonly base: Tree;
  readonly ours: Tree;
  readonly theirs: Tree;
}

/** The merged tree, file by file as git names them; or the paths on which the merger says that people must decide. */
export function mergeProject(
  { base, ours, theirs }: Trees,
  syntax: Syntax,
): { readonly tree: Tree } | { readonly conflicts: readonly string[] } {
  const tree: Record<string, string> = {};
  const conflicts: string[] = [];
  const paths = new Set([base, ours, theirs].flatMap((side) => Object.keys(side)));
  for (const path of [...paths].toSorted()) {
    const sides = { base: base[path], ours: ours[path], theirs: theirs[path] };
    const text = takenWhole(sides);
    if (text !== undefined) {
      if (text !== null) tree[path] = text;
      continue;
    }
    if (sides.ours === undefined || sides.theirs === undefined) {
      conflicts.push(path);
      continue;
    }
    const whole = { path, base: sides.base ?? "", ours: sides.ours, theirs: sides.theirs };
    const merge = mergeFile(whole, syntax);
    if (merge.kind === "merged") tree[path] = merge.text;
    else conflicts.push(path);
  }
  return conflicts.length > 0 ? { conflicts } : { tree };
}

/** What git takes without looking into the file: null where it is gone, undefined where both sides changed it. */
function takenWhole(sides: Record<"base" | "ours" | "theirs", string | undefined>) {
  const { base, ours, theirs } = sides;
  if (ours === theirs || theirs === base) return ours ?? null;
  return ours === base ? (theirs ?? null) : undefined;
}
