import type { FrozenTree, FrozenView } from "./frozen-tree.ts";
import { viewOf } from "./frozen-tree.ts";
import { opaqueFolders } from "./opaque-folders.ts";
import { below, parentOf, placeOf, type RawPath } from "./raw-path.ts";
import { type Entry, type Passed, walk } from "./walk.ts";

/** Something that was written: anything but a folder, or a folder that cannot be looked into. */
export interface Touched {
  readonly path: RawPath;
  readonly kind: "file" | "link" | "sealed" | "other";
  readonly stats: Entry["stats"];
  /** Where its bytes lie on this machine; nobody writes there any more. */
  readonly place: Buffer;
}

/** What may differ from a commit, to be compared by content. Read only while nothing runs. */
export interface Difference {
  /** The commit's own files. */
  readonly before: FrozenView;
  readonly touched: readonly Touched[];
  /**
   * Files and links of the commit that are no longer there, and its submodules. Asked for once, while other
   * things are found out.
   */
  gone(): Promise<ReadonlySet<RawPath>>;
}

/** The layer that an overlay wrote into, and what lay under it. */
export interface OverlayLayer {
  readonly upper: string;
  readonly tree: FrozenTree;
  readonly pass: Passed;
}

/** What an upper layer says was done to the commit. Throws `sandbox.refused-path` for more than can be looked through. */
export async function overlayDifference({ upper, tree, pass }: OverlayLayer): Promise<Difference> {
  const before = viewOf(tree);
  const entries = await walk(upper, pass);
  const shared: RawPath[] = [];
  const replaced: RawPath[] = [];
  for (const { path, kind } of entries) {
    const was = before.at(path)?.kind;
    if (was === undefined) continue;
    if (was === "folder" && kind === "folder") shared.push(path);
    else if (was === "folder" || kind === "folder" || kind === "whiteout") replaced.push(path);
  }
  return {
    before,
    touched: touchedIn(upper, entries),
    async gone() {
      const gone = new Set<RawPath>();
      const hidden = await hiddenNames({ upper, shared, entries, before });
      for (const path of [...replaced, ...hidden]) await addAll({ before, pass, gone }, path);
      return gone;
    },
  };
}

/** The written things among the entries of a folder. */
export function touchedIn(folder: string, entries: readonly Entry[]): Touched[] {
  const touched: Touched[] = [];
  for (const { path, kind, stats } of entries) {
    const written = kind === "folder" && isSealed(stats) ? "sealed" : kind;
    if (written === "folder" || written === "whiteout") continue;
    touched.push({ path, kind: written, stats, place: placeOf(folder, path) });
  }
  return touched;
}

// Root looks everywhere; that must not make a difference to what is carried.
function isSealed(stats: Entry["stats"]): boolean {
  return (stats.mode & 0o500n) !== 0o500n;
}

interface Shared {
  readonly upper: string;
  readonly shared: readonly RawPath[];
  readonly entries: readonly Entry[];
  readonly before: FrozenView;
}

/** What the commit has in folders that were made anew, and that was not made anew itself. */
async function hiddenNames({ upper, shared, entries, before }: Shared): Promise<RawPath[]> {
  const marked = await opaqueFolders(upper, shared);
  if (marked.size === 0) return [];
  const opaque = new Set<RawPath>();
  // Parents come first. What is made in an opaque folder is not marked again.
  for (const path of shared) {
    if (marked.has(path) || opaque.has(parentOf(path))) opaque.add(path);
  }
  const there = new Set(entries.map(({ path }) => path));
  return [...opaque].flatMap((folder) =>
    before
      .names(folder)
      .map((name) => below(folder, name))
      .filter((path) => !there.has(path)),
  );
}

interface Gone {
  readonly before: FrozenView;
  readonly pass: Passed;
  readonly gone: Set<RawPath>;
}

/** Adds a path of the commit and all below it. */
async function addAll({ before, pass, gone }: Gone, path: RawPath): Promise<void> {
  const top = before.at(path);
  if (!top || pass(path)) return;
  for (const entry of [{ ...top, path }, ...(await before.walk(pass, path))]) {
    if (entry.kind !== "folder" || before.isHollow(entry.path)) gone.add(entry.path);
  }
}
