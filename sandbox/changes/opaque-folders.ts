import { NexusError } from "../../src/core/errors.ts";
import { askTool } from "./host-tool.ts";
import { bytesOf, type RawPath } from "./raw-path.ts";

const MARK = "user.overlay.opaque";
const BLOCK = 512;
// Of each there come at least three blocks, and the answer is bounded.
const FOLDERS_AT_ONCE = 50_000;

// Headers only: folders have no content. Sorted out by position, so no name is read from the answer.
const ARGS = [
  "--create",
  "--file=-",
  "--format=posix",
  "--no-recursion",
  "--numeric-owner",
  "--xattrs",
  `--xattrs-include=${MARK}`,
  "--null",
  "--files-from=-",
];

/**
 * Which of these folders of an upper layer hide all that the lower ones hold under their names: deleted and
 * made again. The kernel keeps that as an attribute, which only GNU tar is sure to tell on every Linux.
 * Throws `sandbox.unavailable` where it is missing or fails.
 */
export async function opaqueFolders(
  upper: string,
  folders: readonly RawPath[],
): Promise<ReadonlySet<RawPath>> {
  const opaque = new Set<RawPath>();
  for (let at = 0; at < folders.length; at += FOLDERS_AT_ONCE) {
    const some = folders.slice(at, at + FOLDERS_AT_ONCE);
    for (const folder of await opaqueAmong(upper, some)) opaque.add(folder);
  }
  return opaque;
}

async function opaqueAmong(upper: string, folders: readonly RawPath[]): Promise<RawPath[]> {
  const input = Buffer.concat(
    folders.flatMap((path) => [Buffer.from("./"), bytesOf(path), Buffer.of(0)]),
  );
  const { exitCode, stdout } = await askTool({
    program: "tar",
    args: ARGS,
    cwd: upper,
    env: {},
    input,
  });
  const marks = exitCode === 0 ? marksOf(stdout) : [];
  if (marks.length !== folders.length) {
    throw new NexusError("sandbox.unavailable", "The marks of an overlay could not be read.", {
      hint: "Is GNU tar installed on this machine? Without it set SANDBOX_MIRROR=copy.",
    });
  }
  return folders.filter((_folder, at) => marks[at]);
}

/** For each entry of an archive in turn, whether it bears the mark. */
function marksOf(archive: Buffer): boolean[] {
  const marks: boolean[] = [];
  let marked = false;
  for (let at = 0; archive[at] !== undefined && archive[at] !== 0; ) {
    const size = Number.parseInt(archive.toString("latin1", at + 124, at + 136), 8) || 0;
    const kind = archive.toString("latin1", at + 156, at + 157);
    const start = at + BLOCK;
    if (kind === "x") marked = bearsMark(archive.subarray(start, start + size));
    else {
      marks.push(marked);
      marked = false;
    }
    at = start + Math.ceil(size / BLOCK) * BLOCK;
  }
  return marks;
}

/** Reads records of the form `length key=value\n`, whose length counts bytes. */
function bearsMark(records: Buffer): boolean {
  const wanted = `SCHILY.xattr.${MARK}=y\n`;
  for (let at = 0; at < records.length; ) {
    const space = records.indexOf(0x20, at);
    const length = Number.parseInt(records.toString("latin1", at, space), 10);
    if (space === -1 || !(length > 0)) return false;
    if (records.toString("latin1", space + 1, at + length) === wanted) return true;
    at += length;
  }
  return false;
}
