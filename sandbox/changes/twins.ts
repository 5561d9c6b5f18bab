import type { FrozenView } from "./frozen-tree.ts";
import { below, bytesOf, parentOf, type RawPath } from "./raw-path.ts";

/** A change by its paths: what it writes, and what is gone. */
export interface WrittenPaths {
  readonly before: FrozenView;
  readonly written: readonly RawPath[];
  readonly gone: ReadonlySet<RawPath>;
}

/** A new path, and the one beside it that macOS or Windows takes for the same. */
export interface Twin {
  readonly path: RawPath;
  readonly other: RawPath;
}

/**
 * New names that differ from one beside them only by case or by the way their letters are composed. Pairs that
 * the commit has already are none: only who makes a pair is told.
 */
export async function newTwins(change: WrittenPaths): Promise<Twin[]> {
  const twins: Twin[] = [];
  for (const [folder, names] of namesByFolder(change.written)) {
    const fresh = [...names].filter((name) => !change.before.at(below(folder, name)));
    if (fresh.length === 0) continue;
    const alike = byFold(new Set([...names, ...change.before.names(folder)]));
    for (const name of fresh) {
      const other = await firstThatStays(change, { folder, name, names, alike });
      if (other !== undefined) twins.push({ path: below(folder, name), other });
    }
  }
  return twins;
}

interface Search {
  readonly folder: RawPath;
  readonly name: RawPath;
  readonly names: ReadonlySet<RawPath>;
  readonly alike: ReadonlyMap<string, readonly RawPath[]>;
}

// One is enough, and written names come first in a group: of many that are alike no pair is looked at twice.
async function firstThatStays(
  change: WrittenPaths,
  { folder, name, names, alike }: Search,
): Promise<RawPath | undefined> {
  for (const other of alike.get(folded(name)) ?? []) {
    if (other === name) continue;
    const path = below(folder, other);
    if (names.has(other) || (await isLeft(change, path))) return path;
  }
  return undefined;
}

/** Every folder on the way to a written path, with the names in it that lead there. */
function namesByFolder(written: readonly RawPath[]): Map<RawPath, Set<RawPath>> {
  const names = new Map<RawPath, Set<RawPath>>();
  for (const path of written) {
    for (let at = path; at !== ""; at = parentOf(at)) {
      const folder = parentOf(at);
      const name = nameOf(at);
      const here = names.get(folder) ?? new Set();
      names.set(folder, here);
      if (here.has(name)) break;
      here.add(name);
    }
  }
  return names;
}

function byFold(names: ReadonlySet<RawPath>): Map<string, RawPath[]> {
  const alike = new Map<string, RawPath[]>();
  for (const name of names) {
    const key = folded(name);
    const group = alike.get(key) ?? [];
    group.push(name);
    alike.set(key, group);
  }
  return alike;
}

// Upper case first: it also joins letters that have several small forms.
function folded(name: RawPath): string {
  return bytesOf(name)
    .toString("utf8")
    .normalize("NFC")
    .toUpperCase()
    .toLowerCase()
    .normalize("NFC");
}

function nameOf(path: RawPath): RawPath {
  return path.slice(path.lastIndexOf("/") + 1);
}

/** Whether something of the commit's is still there after the change. */
async function isLeft({ before, gone }: WrittenPaths, path: RawPath): Promise<boolean> {
  if (before.at(path)?.kind !== "folder") return !gone.has(path);
  const inside = await before.walk(() => false, path);
  return inside.some((entry) => entry.kind !== "folder" && !gone.has(entry.path));
}
