import { NexusError } from "../core/errors.ts";
import type { Git } from "./git.ts";

/** How much one commit may write. */
export interface TreeBounds {
  /** Files, links and submodules. */
  readonly entries: number;
  readonly bytes: number;
}

const BOUNDS: TreeBounds = { entries: 1_000_000, bytes: 20 * 1024 ** 3 };

/** Whole trees are listed: some seconds for the largest that are allowed. */
const LISTING_MS = 600_000;

const MARK = "x\n";

interface Asked {
  readonly gitDir: string;
  readonly bounds?: TreeBounds | undefined;
  readonly signal?: AbortSignal | undefined;
}

/** Throws `git.failed` for a commit whose files are more than the bounds allow. Reads no more than it takes to know. */
export async function checkTree(
  git: Git,
  asked: Asked & { readonly commit: string },
): Promise<void> {
  const { gitDir, commit, bounds = BOUNDS, signal } = asked;
  const list = (format: string) => ["ls-tree", "-r", "--full-tree", `--format=${format}`, commit];
  const how = { gitDir, signal, deadlineMs: LISTING_MS };
  // Counted first: git looks at each object for its size, as often as it is named.
  const most = bounds.entries * MARK.length;
  const marks = await git.run(list("x"), { ...how, cutAt: most + 1 });
  if (marks.stdout.length > most) throw tooLarge(bounds);
  checkSizes((await git.run(list("%(objectsize)"), how)).stdout, bounds);
}

/** The same for some of a commit's objects. Those that nobody knows count as nothing. */
export async function checkObjects(
  git: Git,
  asked: Asked & { readonly ids: readonly string[] },
): Promise<void> {
  const { gitDir, ids, bounds = BOUNDS, signal } = asked;
  const input = ids.map((id) => `${id}\n`).join("");
  const list = ["cat-file", "--batch-check=%(objectsize)", "--buffer"];
  checkSizes((await git.run(list, { gitDir, input, signal })).stdout, bounds);
}

function checkSizes(stdout: Buffer, bounds: TreeBounds): void {
  let entries = 0;
  let bytes = 0;
  for (const line of stdout.toString("latin1").split("\n")) {
    if (line === "") continue;
    entries += 1;
    // Submodules have none.
    bytes += Number.parseInt(line, 10) || 0;
  }
  if (entries > bounds.entries || bytes > bounds.bytes) throw tooLarge(bounds);
}

function tooLarge({ entries, bytes }: TreeBounds): NexusError {
  const what = `more than ${entries} files or ${bytes} bytes`;
  return new NexusError("git.failed", `The commit has ${what}: it is not written to disk.`, {
    hint: "Nexus works on repositories below these bounds only.",
  });
}
