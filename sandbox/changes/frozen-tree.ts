import { type BigIntStats, lstatSync } from "node:fs";
import { below, parentOf, placeOf, type RawPath } from "./raw-path.ts";
import { collect, type Entry, kindOf, namesIn, type Passed } from "./walk.ts";

/**
 * The frozen files of a commit: one folder, or several laid over one another as an overlay mount shows
 * them. Nothing ever writes to it. An empty folder stands for a submodule: git knows no other.
 */
export interface FrozenTree {
  /** Highest first. A whiteout in one hides what the lower ones have under its name; none is opaque. */
  readonly folders: readonly string[];
}

/** What lies at a path of a frozen tree. */
export interface FrozenEntry {
  readonly kind: Exclude<Entry["kind"], "whiteout" | "sealed">;
  readonly stats: BigIntStats;
  /** Where its bytes lie on this machine. */
  readonly place: Buffer;
}

/**
 * A look into a frozen tree, which remembers the folders it came by. All paths are relative to the tree; ""
 * is the tree itself. Links are never followed, nor are those on the way.
 */
export interface FrozenView {
  /** What lies there; undefined for what is not there or hidden. */
  at(path: RawPath): FrozenEntry | undefined;
  /** The names in a folder that are not hidden; none where there is no folder. */
  names(path: RawPath): readonly RawPath[];
  /** True for a folder that no layer holds anything in, not even the mark of a deletion. */
  isHollow(path: RawPath): boolean;
  /** Everything below a folder, parents before children. Throws `sandbox.refused-path` if it is too much. */
  walk(pass: Passed, from?: RawPath): Promise<FrozenAt[]>;
  /** The same, one after the other and without a bound: for Nexus' own use of whole trees. */
  entries(pass: Passed): Iterable<FrozenAt>;
}

/** An entry with its path. */
export type FrozenAt = FrozenEntry & { readonly path: RawPath };

/** What the layers hold at one path: the highest thing, and the folders that are merged under it. */
interface Merged {
  readonly entry: FrozenEntry | undefined;
  readonly folders: readonly string[];
}

const MAX_PLACE_BYTES = 4_095;
const NOTHING: Merged = { entry: undefined, folders: [] };

/** Opens a look into a tree. It may be kept as long as the tree is. */
export function viewOf(tree: FrozenTree): FrozenView {
  const known = new Map<RawPath, Merged>();
  const hollow = new Map<RawPath, boolean>();

  // Only folders are remembered: they are asked for again and again, and they are fewer.
  function merged(path: RawPath): Merged {
    const before = known.get(path);
    if (before) return before;
    const layers = path === "" ? tree.folders : merged(parentOf(path)).folders;
    const name = path.slice(path.lastIndexOf("/") + 1);
    const found = path === "" || isName(name) ? lookThrough(layers, path) : NOTHING;
    if (found.folders.length > 0) known.set(path, found);
    return found;
  }

  function names(path: RawPath): RawPath[] {
    const { folders } = merged(path);
    const all = new Set(folders.flatMap((folder) => namesIn(folder, path)));
    // In a single folder nothing can be hidden.
    if (folders.length < 2) return [...all];
    return [...all].filter((name) => merged(below(path, name)).entry !== undefined);
  }

  function* entriesBelow(pass: Passed, parent: RawPath): Generator<FrozenAt> {
    for (const name of names(parent)) {
      const path = below(parent, name);
      const entry = pass(path) ? undefined : merged(path).entry;
      if (!entry) continue;
      yield { ...entry, path };
      if (entry.kind === "folder") yield* entriesBelow(pass, path);
    }
  }

  return {
    at: (path) => merged(path).entry,
    names,
    isHollow(path) {
      const before = hollow.get(path);
      if (before !== undefined) return before;
      const { folders } = merged(path);
      const now = folders.length > 0 && folders.every((one) => namesIn(one, path).length === 0);
      hollow.set(path, now);
      return now;
    },
    walk: (pass, from = "") => collect(entriesBelow(pass, from)),
    entries: (pass) => entriesBelow(pass, ""),
  };
}

/** False for names that lead elsewhere than to what bears them. */
function isName(name: RawPath): boolean {
  return name !== "" && name !== "." && name !== "..";
}

/** The highest thing at a path in these layers, whose folders hold the path's parent. */
function lookThrough(layers: readonly string[], path: RawPath): Merged {
  const folders: string[] = [];
  let entry: FrozenEntry | undefined;
  for (const layer of layers) {
    const place = placeOf(layer, path);
    // What has no place on this machine cannot have been written either.
    if (place.length > MAX_PLACE_BYTES) continue;
    const stats = lstatSync(place, { bigint: true, throwIfNoEntry: false });
    if (!stats) continue;
    const kind = kindOf(stats);
    if (kind === "folder") folders.push(layer);
    if (kind !== "whiteout") entry ??= { kind, stats, place };
    // Whatever is no folder ends the look down: it hides what is below, or is itself hidden.
    if (kind !== "folder") break;
  }
  return { entry, folders };
}
