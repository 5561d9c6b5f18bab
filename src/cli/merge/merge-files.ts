import type { FileMerge, Sides } from "../../core/merge.ts";
import { dressMarkers } from "./dress-markers.ts";
import type { FilesWish } from "./merge-wish.ts";
import { readSide, reasonOf, textOf } from "./read-side.ts";
import { writeWhole } from "./write-whole.ts";

/** What the command needs of the world. */
export interface MergeDesk {
  merge(sides: Sides): Promise<FileMerge>;
  readonly out: (content: Uint8Array) => Promise<void>;
  readonly err: (line: string) => void;
}

const MOST_TOLD = 20;

/**
 * Merges three files: 0 where the result is clean, 1 where conflicts are marked in it. Throws an `Error` of one line
 * where a file cannot be read or is no text, before anything was written, and where the result cannot be.
 */
export async function mergeFiles(wish: FilesWish, desk: MergeDesk): Promise<0 | 1> {
  const [base, ours, theirs] = await Promise.all([
    readSide(wish.base, shownOf(wish, "base")),
    readSide(wish.ours, shownOf(wish, "ours")),
    readSide(wish.theirs, shownOf(wish, "theirs")),
  ]);
  const same = trivial({ base, ours, theirs });
  const merged = same ? undefined : await desk.merge(sidesOf(wish, { base, ours, theirs }));
  const content = same ?? Buffer.from(merged ? dressed(merged, wish) : "");
  if (wish.output === undefined) await written(content, desk);
  else if (wish.output !== wish.ours || !content.equals(ours))
    await writeWhole(wish.output, content);
  if (merged) for (const line of toldOf(merged, wish)) desk.err(line);
  return merged?.kind === "conflicted" ? 1 : 0;
}

async function written(content: Uint8Array, desk: MergeDesk): Promise<void> {
  try {
    await desk.out(content);
  } catch (cause) {
    throw new Error(`the result cannot be written: ${reasonOf(cause)}`, { cause });
  }
}

interface Bytes {
  readonly base: Buffer;
  readonly ours: Buffer;
  readonly theirs: Buffer;
}

/** Where at most one side has changed, its bytes are the answer, whatever they are. */
function trivial({ base, ours, theirs }: Bytes): Buffer | undefined {
  if (ours.equals(theirs) || theirs.equals(base)) return ours;
  return ours.equals(base) ? theirs : undefined;
}

function sidesOf(wish: FilesWish, { base, ours, theirs }: Bytes): Sides {
  return {
    path: wish.path,
    base: textOf(shownOf(wish, "base"), base),
    ours: textOf(shownOf(wish, "ours"), ours),
    theirs: textOf(shownOf(wish, "theirs"), theirs),
  };
}

/** What a side is called to a person. */
function shownOf(wish: FilesWish, side: keyof Bytes): string {
  return wish.isDriver ? `${wish.path} (${side})` : wish[side];
}

function dressed(merged: FileMerge, { look }: FilesWish): string {
  return merged.kind === "merged" ? merged.text : dressMarkers(merged, look);
}

/** What is left, in the words of the merger; how each place was settled too where it was asked for. */
function toldOf(merged: FileMerge, { path, explain }: FilesWish): readonly string[] {
  const left =
    merged.kind === "conflicted" ? merged.conflicts.map(({ why }) => `conflict: ${why}`) : [];
  const settled = merged.hunks
    .filter(({ stage }) => stage !== "person")
    .map(({ stage, why }) => `${stage}: ${why}`);
  const lines = [...left, ...(explain ? settled : [])].map((line) => `${path}: ${line}`);
  const more = lines.length - MOST_TOLD;
  return more > 0 ? [...lines.slice(0, MOST_TOLD), `${path}: and ${more} more`] : lines;
}
