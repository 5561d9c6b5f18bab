import { kindOfFile } from "./kind-of-file.ts";
import type { PeoplesMerge, ReplayedRepository } from "./replayed-repository.ts";

/** A file on which git stopped, with what people made of it; ids of blobs, the base's undefined where there is none. */
export interface ConflictingFile {
  readonly merge: string;
  readonly path: string;
  readonly base: string | undefined;
  readonly ours: string;
  readonly theirs: string;
  readonly people: string;
}

/** What git's own merge did with the merges of a repository. */
export interface Found {
  readonly merges: number;
  readonly stopped: number;
  readonly files: readonly ConflictingFile[];
}

/** How much of a history. */
export interface Wish {
  /** Newest merges. */
  readonly merges: number;
  /** Files, evenly over the history. */
  readonly files: number;
}

const AT_ONCE = 2;
/** So that one giant merge does not rule. */
const FILES_OF_A_MERGE = 20;
const LINK_OR_MODULE = new Set(["120000", "160000"]);

/** Merges again what people merged. The same repository and wish always find the same. */
export async function findConflicts(repository: ReplayedRepository, wish: Wish): Promise<Found> {
  const merges = await repository.merges(wish.merges);
  const replayed = await inOrder(merges, (merge) => replay(repository, merge));
  const files = unlike(replayed.flatMap(({ files }) => files));
  return {
    merges: merges.length,
    stopped: replayed.filter(({ stopped }) => stopped).length,
    files: evenly(files, wish.files),
  };
}

async function replay(repository: ReplayedRepository, merge: PeoplesMerge) {
  const args = ["merge-tree", "--write-tree", "-z", "--no-messages", "--allow-unrelated-histories"];
  const { code, stdout } = await repository.git([...args, ...merge.parents]);
  if (code !== 1) return { stopped: false, files: [] };
  const sides = sidesOf(stdout.toString("latin1"));
  const merged = await blobsAt(repository, merge.commit, [...sides.keys()]);
  const files = [...sides].flatMap(([path, [, base, ours, theirs]]) => {
    const people = merged.get(path);
    if (ours === undefined || theirs === undefined || people === undefined) return [];
    const name = Buffer.from(path, "latin1").toString();
    if (kindOfFile(name) === "lockfile") return [];
    return [{ merge: merge.commit, path: name, base, ours, theirs, people }];
  });
  files.sort((a, b) => (a.path < b.path ? -1 : 1));
  return { stopped: true, files: evenly(files, FILES_OF_A_MERGE) };
}

/** Blobs by stage, of every path that is a plain file on all sides. */
function sidesOf(answer: string): Map<string, readonly (string | undefined)[]> {
  const found = new Map<string, (string | undefined)[]>();
  const odd = new Set<string>();
  for (const entry of answer.split("\0")) {
    const [, mode = "", id, stage, path] =
      /^(\d+) ([0-9a-f]+) ([123])\t([\s\S]*)$/.exec(entry) ?? [];
    if (path === undefined) continue;
    if (LINK_OR_MODULE.has(mode)) odd.add(path);
    const sides = found.get(path) ?? [];
    sides[Number(stage)] = id;
    found.set(path, sides);
  }
  for (const path of odd) found.delete(path);
  return found;
}

async function blobsAt(repository: ReplayedRepository, commit: string, paths: readonly string[]) {
  const found = new Map<string, string>();
  if (paths.length === 0) return found;
  const { stdout } = await repository.git(["ls-tree", "-r", "-z", commit]);
  const wanted = new Set(paths);
  for (const entry of stdout.toString("latin1").split("\0")) {
    const [, id, path] = /^100\d+ blob ([0-9a-f]+)\t([\s\S]*)$/.exec(entry) ?? [];
    if (id !== undefined && path !== undefined && wanted.has(path)) found.set(path, id);
  }
  return found;
}

/** Each once: the same conflict is often met again on other branches. */
function unlike(files: readonly ConflictingFile[]): readonly ConflictingFile[] {
  const keyed = files.map(
    (file) => [[file.base, file.ours, file.theirs, file.people].join(), file] as const,
  );
  return [...new Map(keyed).values()];
}

/** At most so many, as far from each other as can be. */
function evenly<Item>(items: readonly Item[], most: number): readonly Item[] {
  if (items.length <= most) return items;
  const step = items.length / most;
  return Array.from({ length: most }, (_, at) => items[Math.floor(at * step)]).filter(
    (item) => item !== undefined,
  );
}

async function inOrder<Item, Answer>(
  items: readonly Item[],
  ask: (item: Item) => Promise<Answer>,
): Promise<readonly Answer[]> {
  const answers: Answer[] = [];
  let next = 0;
  const work = async () => {
    for (let at = next++; at < items.length; at = next++) {
      const item = items[at];
      if (item !== undefined) answers[at] = await ask(item);
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, work));
  return answers;
}
