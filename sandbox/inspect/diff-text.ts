import { readlinkSync } from "node:fs";
import type { FrozenEntry } from "../changes/frozen-tree.ts";
import type { ChangedPath } from "./changed-paths.ts";
import { type Pair, type Side, unifiedDiff } from "./compare.ts";
import type { Look } from "./look.ts";
import { type ReadBytes, readFrozen } from "./read-below.ts";
import { shownName, shownText } from "./shown-text.ts";

/** What is compared, and where there is room for it. */
export interface Comparison {
  readonly look: Look;
  readonly paths: readonly ChangedPath[];
  readonly scratch: string;
}

const FILE_BYTES = 1024 * 1024;
const ALL_BYTES = 32 * 1024 * 1024;

/** A unified difference against the commit for a terminal, with a line for each path that has none to show. */
export async function diffText({ look, paths, scratch }: Comparison): Promise<string> {
  const pairs: Pair[] = [];
  const names: string[] = [];
  const unshown: string[] = [];
  let room = ALL_BYTES;
  for (const changed of paths) {
    const name = shownName(changed.path);
    const pair = room > 0 ? await pairOf(look, changed) : { why: "too much to show" };
    if ("why" in pair) {
      unshown.push(`${name}: ${changed.status}, not shown: ${pair.why}`);
      continue;
    }
    room -= (pair.before?.bytes.length ?? 0) + (pair.after?.bytes.length ?? 0);
    pairs.push(pair);
    names.push(name);
  }
  const diff = await unifiedDiff(pairs, { scratch, nameOf: (pair) => names[pair] ?? "?" });
  const text = shownText(diff);
  return [...(text === "" ? [] : [text.replace(/\n$/, "")]), ...unshown, ""].join("\n");
}

async function pairOf(look: Look, changed: ChangedPath): Promise<Pair | { readonly why: string }> {
  const after = changed.now ? await sideNow(look, changed) : undefined;
  if (after && "why" in after) return after;
  const before =
    changed.was?.kind === "folder" ? undefined : changed.was && sideBefore(changed.was);
  if (before && "why" in before) return before;
  return { before, after };
}

async function sideNow(
  look: Look,
  { path, now, problem }: ChangedPath,
): Promise<Side | { readonly why: string }> {
  if (now?.kind === "link") return linkAt(now.place);
  if (now?.kind !== "file") return { why: problem ?? "not a file" };
  return sideOf(await look.read(path, FILE_BYTES), now.stats.mode);
}

function sideBefore(was: FrozenEntry): Side | { readonly why: string } {
  if (was.kind === "link") return linkAt(was.place);
  return sideOf(readFrozen(was.place, FILE_BYTES), was.stats.mode);
}

function sideOf(read: ReadBytes, mode: bigint): Side | { readonly why: string } {
  if ("why" in read) return read;
  return { mode: (mode & 0o100n) === 0n ? "100644" : "100755", bytes: read.bytes };
}

function linkAt(place: Buffer): Side | { readonly why: string } {
  try {
    return { mode: "120000", bytes: readlinkSync(place, { encoding: "buffer" }) };
  } catch {
    return { why: "not a link any more" };
  }
}
