import { kindOfFile } from "./kind-of-file.ts";
import { type PeoplesMerge, type ReplayedRepository, unusable } from "./replayed-repository.ts";

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
  /** Done again to their end, with a conflict or without. */
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
const TOLD_EVERY = 500;
/** So that one giant merge does not rule. */
const FILES_OF_A_MERGE = 20;
const LINK_OR_MODULE = new Set(["120000", "160000"]);

/** Merges again what people merged. The same repository and wish always find the same. */
export async function findConflicts(
  repository: ReplayedRepository,
  wish: Wish,
  say: (line: string) => void,
): Promise<Found> {
  const merges = await repository.merges(wish.merges);
  let done = 0;
  const replayed = await inOrder(merges, async (merge) => {
    const answer = await replay(repository, merge);
    done += 1;
    if (done % TOLD_EVERY === 0) say(`${repository.name}: ${done} of ${merges.length} merges`);
    return answer;
  });
  const ended = replayed.filter(({ failed }) => failed === undefined);
  const failed = replayed.find((one) => one.failed !== undefined)?.failed;
  if (ended.length === 0)
    throw unusable(`${repository.name} has no merge that git can do again: ${failed}`);
  if (failed !== undefined)
    say(
      `${repository.name}: ${replayed.length - ended.length} merges could not be done again: ${failed}`,
    );
  return {
    merges: ended.length,
    stopped: ended.filter(({ stopped }) => stopped).length,
    files: evenly(unlike(ended.flatMap(({ files }) => files)), wish.files),
  };
}

interface Redone {
  readonly stopped: boolean;
  readonly files: readonly ConflictingFile[];
  /** What git said where it could not merge at all, as where objects are missing. */
  readonly failed?: string;
}

async function replay(repository: ReplayedRepository, merge: PeoplesMerge): Promise<Redone> {
  const args = ["merge-tree", "--write-tree", "-z", "--no-messages", "--allow-unrelated-histories"];
  const { code, stdout, stderr } = await repository.git([...args, ...merge.parents]);
  // Where a tree is missing, git merges on as if it were empty.
  const failed = stderr.split("\n").find((line) => /^(?:error|fatal):/.test(line));
  if (code === undefined || code > 1 || failed !== undefined)
    return { stopped: false, files: [], failed: failed ?? "it did not come to an end" };
  if (code === 0) return { stopped: false, files: [] };
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
