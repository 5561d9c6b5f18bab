import { execFile } from "node:child_process";
import { createHash } from "node:crypto";
import { closeSync, constants, openSync, readSync } from "node:fs";
import { access, mkdir, open, readFile, rename, rm, writeFile } from "node:fs/promises";
import { Socket } from "node:net";
import { dirname, join } from "node:path";
import { promisify } from "node:util";
import { z } from "zod";
import { NexusError } from "../core/errors.ts";

const WAIT_MS = 130_000;

/** Nothing here lets a file's content or name decide what is run. */
const CONFIG = `[core]
\trepositoryformatversion = 0
\tfilemode = true
\tsymlinks = true
\tbare = false
\ttrustctime = false
`;

/** Files are the blobs byte for byte, whatever the repository's attributes wish. */
const ATTRIBUTES = "* -text !eol -ident !filter !working-tree-encoding\n";

/** What a worktree holds, and the move it is in the middle of. */
export const WorktreeState = z.object({
  /** The commit or tree the files are of. */
  at: z.string(),
  /** What they were before the last move. */
  before: z.string().optional(),
  /** A move that was begun; `back` when it is to be undone. */
  intent: z.object({ from: z.string(), to: z.string(), back: z.boolean() }).optional(),
});
export type WorktreeState = z.infer<typeof WorktreeState>;

/** Nexus' own records of one worktree: an index, a HEAD, a config, and what was done last. */
export interface WorktreeRecords {
  readonly gitDir: string;
  /** Undefined where nothing was ever recorded. */
  read(): Promise<WorktreeState | undefined>;
  /**
   * The old record or the new one, never half of one; the new one is on the disk when this returns. Of one
   * that is there "soon" a power failure may leave the old one, which is enough at the end of a move.
   */
  write(state: WorktreeState, when?: "now" | "soon"): Promise<void>;
  /** Runs `work` with a descriptor that shows others, also after a crash, that somebody writes. */
  holding<T>(work: (held: number) => Promise<T>): Promise<T>;
  /** Waits until nobody writes any more, then takes away the lock a killed git left. Throws `git.failed`, retryable. */
  idle(): Promise<void>;
}

/** Opens the records of a folder below the mirror, where no container reaches; made when missing. */
export async function openRecords(mirror: string, folder: string): Promise<WorktreeRecords> {
  const name = createHash("sha256").update(folder).digest("hex").slice(0, 32);
  const gitDir = join(mirror, "nexus-worktrees", name);
  const [file, alive] = [join(gitDir, "state.json"), join(gitDir, "alive")];
  await Promise.all([
    mkdir(join(gitDir, "refs"), { recursive: true }),
    mkdir(join(gitDir, "info"), { recursive: true }),
  ]);
  await writeFile(join(gitDir, "HEAD"), "ref: refs/heads/none\n");
  await writeFile(join(gitDir, "config"), CONFIG);
  await writeFile(join(gitDir, "info/attributes"), ATTRIBUTES);
  await makeFifo(alive);
  return {
    gitDir,
    async read() {
      const text = await readFile(file, "utf8").catch(() => undefined);
      return text === undefined ? undefined : WorktreeState.parse(JSON.parse(text));
    },
    async write(state, when = "now") {
      await replace(file, JSON.stringify(state));
      if (when === "now") await settle(dirname(file));
    },
    async holding(work) {
      await using handle = await open(alive, constants.O_RDWR | constants.O_NONBLOCK);
      return await work(handle.fd);
    },
    async idle() {
      await withoutWriter(alive);
      await rm(join(gitDir, "index.lock"), { force: true });
    },
  };
}

async function makeFifo(path: string): Promise<void> {
  const there = () =>
    access(path).then(
      () => true,
      () => false,
    );
  if (await there()) return;
  try {
    await promisify(execFile)("mkfifo", ["-m", "600", path], { env: { PATH: "/usr/bin:/bin" } });
  } catch (cause) {
    if (await there()) return;
    throw new NexusError("git.failed", "The lock of a worktree could not be made.", { cause });
  }
}

async function replace(file: string, text: string): Promise<void> {
  const fresh = `${file}.new`;
  await using handle = await open(fresh, "w", 0o600);
  await handle.writeFile(text);
  await handle.sync();
  await rename(fresh, file);
}

/** The names in a folder are on the disk when this returns. */
async function settle(path: string): Promise<void> {
  await using folder = await open(path, "r");
  await folder.sync();
}

/** The end of a pipe that others hold is told by the kernel, so no process id is trusted. */
async function withoutWriter(alive: string): Promise<void> {
  const fd = openSync(alive, constants.O_RDONLY | constants.O_NONBLOCK);
  if (isAtEnd(fd)) return closeSync(fd);
  const socket = new Socket({ fd, readable: true, writable: false });
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  socket.once("end", resolve).once("error", reject);
  socket.setTimeout(WAIT_MS, () => {
    const busy = "Another process is still writing this worktree.";
    reject(new NexusError("git.failed", busy, { retryable: true }));
  });
  socket.resume();
  return promise.finally(() => socket.destroy());
}

function isAtEnd(fd: number): boolean {
  try {
    return readSync(fd, Buffer.alloc(1)) === 0;
  } catch {
    // There is nothing to read, but somebody who might still write.
    return false;
  }
}
