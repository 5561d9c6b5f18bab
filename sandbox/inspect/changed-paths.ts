import { setImmediate as othersTurn } from "node:timers/promises";
import { contentOf } from "../changes/content.ts";
import type { Difference, Touched } from "../changes/difference.ts";
import type { FrozenEntry } from "../changes/frozen-tree.ts";
import { ignoredOf } from "../changes/ignored.ts";
import { judgePath } from "../changes/path-rules.ts";
import type { RawPath } from "../changes/raw-path.ts";
import { CHANGE_LIMITS } from "../changes/read-changes.ts";

/** One path that differs from the commit. */
export interface ChangedPath {
  readonly path: RawPath;
  readonly status: "added" | "modified" | "deleted";
  /** What the commit has there. */
  readonly was: FrozenEntry | undefined;
  readonly now: Touched | undefined;
  /** Why it could not be carried into a commit. */
  readonly problem: string | undefined;
}

/** All that differs, and how much of what was written git would ignore. */
export interface ChangedPaths {
  readonly paths: readonly ChangedPath[];
  readonly ignored: number;
}

const PATHS_A_TURN = 200;

/**
 * What a commit made of this workspace would change, in order of the paths' bytes. Unlike the reading of a
 * change set it goes on where a path is refused: that is what people want to see.
 */
export async function changedPaths(difference: Difference, scratch: string): Promise<ChangedPaths> {
  const { gone, ignored } = await ignoredOf(difference, scratch);
  const { before } = difference;
  const kept = difference.touched.filter(({ path }) => !ignored.has(path));
  const there = new Set(kept.map(({ path }) => path));
  const paths: ChangedPath[] = [];
  for (const path of gone) {
    if (there.has(path)) continue;
    const { problem } = judgePath(path);
    paths.push({ path, status: "deleted", was: before.at(path), now: undefined, problem });
  }
  for (const [at, now] of kept.entries()) {
    if (at % PATHS_A_TURN === 0) await othersTurn();
    const changed = written(now, before.at(now.path));
    if (changed) paths.push(changed);
  }
  return { paths: paths.sort(byPath), ignored: ignored.size };
}

/** Undefined where the commit has the same. */
function written(now: Touched, was: FrozenEntry | undefined): ChangedPath | undefined {
  const read = contentOf(now, was, CHANGE_LIMITS.fileBytes);
  if (read === undefined) return undefined;
  const { path } = now;
  const problem = judgePath(path).problem ?? ("why" in read ? read.why : undefined);
  const isNew = was === undefined || was.kind === "folder";
  return { path, status: isNew ? "added" : "modified", was, now, problem };
}

function byPath(a: ChangedPath, b: ChangedPath): number {
  return a.path < b.path ? -1 : Number(a.path > b.path);
}
