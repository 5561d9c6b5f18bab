import { NexusError } from "../../src/core/errors.ts";
import { bytesOf, parentOf, type RawPath, rawOf } from "../changes/raw-path.ts";
import { refusedWhole } from "../changes/refusals.ts";
import type { Entry, Passed } from "../changes/walk.ts";

/** One thing in a volume that only the engine can see. */
export interface Listed {
  readonly path: RawPath;
  readonly kind: Exclude<Entry["kind"], "whiteout">;
  /** Kind and permissions, as the file system keeps them. */
  readonly mode: number;
  readonly size: number;
  /** Target of a link. */
  readonly target: Buffer;
  /** Another whenever anything of it was changed: no command can set the time of a change. */
  readonly state: string;
}

/** Lists the folder it is run in, but for git's own at the top: two fields each, ended by zeros, names as they are. */
export const LIST: readonly string[] = [
  "/usr/bin/find",
  ".",
  "-mindepth",
  "1",
  "-path",
  "./.git",
  "-prune",
  "-o",
  "-printf",
  String.raw`%y %m %s %i %C@ %P\0%l\0`,
];

const MAX_ENTRIES = 500_000;
const MAX_LISTING_BYTES = 256 * 1024 * 1024;
// The longest path that the kernel takes at once, with room for the way to it.
const MAX_PATH_BYTES = 4_000;
const FIELDS = /^(\w) ([0-7]+) (\d+) (\d+) ([\d.]+) ([\s\S]+)$/;

const KINDS: Readonly<Record<string, readonly [Listed["kind"], number]>> = {
  f: ["file", 0o100000],
  d: ["folder", 0o040000],
  l: ["link", 0o120000],
  p: ["other", 0o010000],
  s: ["other", 0o140000],
  b: ["other", 0o060000],
  c: ["other", 0o020000],
};

/** Gathers a listing piece by piece, and nothing more of one that is too long. */
export function gatherListing() {
  const chunks: Buffer[] = [];
  let bytes = 0;
  let zeros = 0;
  const isTooMuch = () => bytes > MAX_LISTING_BYTES || zeros > 2 * MAX_ENTRIES;
  return {
    add(chunk: Buffer): void {
      bytes += chunk.length;
      for (let at = chunk.indexOf(0); at !== -1; at = chunk.indexOf(0, at + 1)) zeros += 1;
      if (isTooMuch()) chunks.length = 0;
      else chunks.push(Buffer.from(chunk));
    },
    /** Throws `sandbox.refused-path` for more than can be looked through. */
    text(): string {
      if (isTooMuch()) throw refusedWhole(`more than ${MAX_ENTRIES} entries`);
      return rawOf(Buffer.concat(chunks));
    },
  };
}

/** What the listing told, without what is passed by. */
export function parseListing(text: string, pass: Passed): Listed[] {
  const fields = text.split("\0");
  const listed: Listed[] = [];
  const passed = new Set<RawPath>();
  for (let at = 0; at + 1 < fields.length; at += 2) {
    const entry = parsed(fields[at] ?? "", fields[at + 1] ?? "");
    // Parents come before children.
    if (passed.has(parentOf(entry.path)) || pass(entry.path)) passed.add(entry.path);
    else listed.push(entry);
  }
  return listed;
}

function parsed(entry: string, target: string): Listed {
  const [, type = "", mode = "", size = "", inode, changed, path = ""] = FIELDS.exec(entry) ?? [];
  const known = KINDS[type];
  if (!known) throw new NexusError("sandbox.unavailable", "A volume could not be listed.");
  const permissions = Number.parseInt(mode, 8);
  const [kind, bits] = known;
  const sealed =
    path.length > MAX_PATH_BYTES || (kind === "folder" && (permissions & 0o500) !== 0o500);
  return {
    path,
    kind: sealed ? "sealed" : kind,
    mode: bits | permissions,
    size: Number(size),
    target: bytesOf(target),
    state: [type, mode, size, inode, changed].join(" "),
  };
}
