import type { BlobBounds } from "../core/git.ts";
import type { Git } from "./git.ts";
import { objectId } from "./names.ts";

const NEWLINE = 0x0a;

/** The bytes of blobs by their ids with two processes, however many they are. */
export async function readBlobs(
  at: { git: Git; gitDir: string },
  ids: readonly string[],
  bounds: BlobBounds,
): Promise<ReadonlyMap<string, Uint8Array>> {
  const wanted = [...new Set(ids.map(objectId))];
  if (wanted.length === 0) return new Map();
  const small = await withinBounds(at, wanted, bounds);
  if (small.length === 0) return new Map();
  const { stdout } = await at.git.run(["cat-file", "--batch", "--buffer"], {
    gitDir: at.gitDir,
    input: lines(small),
  });
  return parseBatch(stdout);
}

async function withinBounds(
  { git, gitDir }: { git: Git; gitDir: string },
  ids: readonly string[],
  { each, all }: BlobBounds,
): Promise<readonly string[]> {
  const asks = ["cat-file", "--batch-check=%(objectname) %(objecttype) %(objectsize)", "--buffer"];
  const { stdout } = await git.run(asks, { gitDir, input: lines(ids) });
  let sum = 0;
  return stdout
    .toString("latin1")
    .split("\n")
    .flatMap((line) => {
      const [id = "", type, size] = line.split(" ");
      const bytes = Number(size);
      if (type !== "blob" || bytes > each || sum + bytes > all) return [];
      sum += bytes;
      return [id];
    });
}

/** Each answer is `id type size`, a newline, the bytes, a newline. */
function parseBatch(stdout: Buffer): ReadonlyMap<string, Uint8Array> {
  const blobs = new Map<string, Uint8Array>();
  for (let at = 0; at < stdout.length; ) {
    const end = stdout.indexOf(NEWLINE, at);
    const [id = "", , size = ""] = stdout.toString("latin1", at, end).split(" ");
    const from = end + 1;
    const to = from + Number(size);
    blobs.set(objectId(id), Uint8Array.from(stdout.subarray(from, to)));
    at = to + 1;
  }
  return blobs;
}

function lines(ids: readonly string[]): string {
  return ids.map((id) => `${id}\n`).join("");
}
