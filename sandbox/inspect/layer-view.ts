import { type BigIntStats, lstatSync } from "node:fs";
import type { FrozenView } from "../changes/frozen-tree.ts";
import { opaqueFolders } from "../changes/opaque-folders.ts";
import { below, placeOf, type RawPath } from "../changes/raw-path.ts";
import { kindOf, namesIn } from "../changes/walk.ts";
import type { Look, Named, Seen } from "./look.ts";
import { readBelow, readFrozen } from "./read-below.ts";

/** A layer that is written into, and the frozen files that show through; none where the layer is whole. */
export interface LayerView {
  /** Without links on the way. */
  readonly layer: string;
  readonly under: FrozenView | undefined;
}

/** What lies at a path: in the layer, or under it. */
interface Found {
  readonly top: BigIntStats | undefined;
  /** True where the layer lets nothing of the frozen files through at this path. */
  readonly isHidden: boolean;
}

/** A look at what an overlay mount shows, without mounting it. */
export function viewLayer({ layer, under }: LayerView): Pick<Look, "at" | "list" | "read"> {
  async function find(path: RawPath): Promise<Found> {
    const { folders, end, isAtPath } = wayIn(layer, path);
    if (end === undefined || end.isDirectory())
      return { top: end, isHidden: await isOpaque(folders) };
    const isThere = isAtPath && kindOf(end) !== "whiteout";
    return { top: isThere ? end : undefined, isHidden: true };
  }

  async function isOpaque(folders: readonly RawPath[]): Promise<boolean> {
    if (under === undefined) return true;
    return (await opaqueFolders(layer, folders.filter(Boolean))).size > 0;
  }

  return {
    async at(path) {
      const { top, isHidden } = await find(path);
      if (top) return seen(kindOf(top), top);
      const entry = isHidden ? undefined : under?.at(path);
      return entry && seen(entry.kind, entry.stats);
    },
    async list(path) {
      const { top, isHidden } = await find(path);
      const own = top?.isDirectory() ? namesIn(layer, path) : [];
      const covered = new Set(own);
      const through = isHidden ? [] : (under?.names(path) ?? []);
      const listed = [
        ...own.flatMap((name) => named(name, entryIn(layer, below(path, name)))),
        ...through
          .filter((name) => !covered.has(name))
          .flatMap((name) => named(name, under?.at(below(path, name)))),
      ];
      return listed.sort((a, b) => (a.name < b.name ? -1 : 1));
    },
    async read(path, maxBytes) {
      const { top, isHidden } = await find(path);
      if (top) return readBelow(layer, path, maxBytes);
      const entry = isHidden ? undefined : under?.at(path);
      return entry ? readFrozen(entry.place, maxBytes) : { why: "not there" };
    },
  };
}

function seen(kind: ReturnType<typeof kindOf>, { mode, size }: BigIntStats): Seen {
  return {
    kind: kind === "whiteout" ? "other" : kind,
    mode: Number(mode & 0o7777n),
    size: Number(size),
  };
}

interface Kept {
  readonly kind: ReturnType<typeof kindOf>;
  readonly stats: BigIntStats;
}

function entryIn(layer: string, path: RawPath): Kept | undefined {
  const stats = statsAt(layer, path);
  return stats && { kind: kindOf(stats), stats };
}

function named(name: RawPath, entry: Kept | undefined): Named[] {
  if (!entry || entry.kind === "whiteout") return [];
  return [{ name, ...seen(entry.kind, entry.stats) }];
}

function statsAt(layer: string, path: RawPath): BigIntStats | undefined {
  return lstatSync(placeOf(layer, path), { bigint: true, throwIfNoEntry: false });
}

/** How far a path leads in a layer. */
interface Way {
  /** On the way, from the top. */
  readonly folders: readonly RawPath[];
  /** What lies at its end, or keeps it from going on; undefined where nothing does. */
  readonly end: BigIntStats | undefined;
  readonly isAtPath: boolean;
}

function wayIn(layer: string, path: RawPath): Way {
  const folders: RawPath[] = [];
  let end: BigIntStats | undefined;
  for (const step of stepsTo(path)) {
    end = statsAt(layer, step);
    if (!end?.isDirectory()) return { folders, end, isAtPath: step === path };
    folders.push(step);
  }
  return { folders, end, isAtPath: true };
}

/** The path and every folder on the way to it, from the top. */
function stepsTo(path: RawPath): RawPath[] {
  if (path === "") return [""];
  const steps: RawPath[] = [""];
  for (let slash = path.indexOf("/"); slash !== -1; slash = path.indexOf("/", slash + 1))
    steps.push(path.slice(0, slash));
  return [...steps, path];
}
