import { randomBytes } from "node:crypto";
import { mkdir, open, readdir, rename, rm, stat, writeFile } from "node:fs/promises";
import { connect, createServer, type Server } from "node:net";
import { join } from "node:path";
import { NexusError } from "../../src/core/errors.ts";
import { isMissing } from "../changes/raw-path.ts";
import { once } from "../once.ts";

/** What is known of a process: it lives, it has ended, or nothing is known under its name. */
type Life = "living" | "gone" | "unknown";

/** What one process uses of a kind of things, for the others to see. */
export interface Pins {
  /** Name of this process. */
  process(): Promise<string>;
  lifeOf(process: string): Promise<Life>;
  /** Others see a pin until it is taken away or the process ends. */
  pin(name: string): Promise<void>;
  unpin(name: string): Promise<void>;
  /** What other living processes have pinned. */
  othersPins(): Promise<ReadonlySet<string>>;
}

/** The processes that use one folder, and how each of them tells whether another still lives. */
export interface Presence {
  /** Name of this process. Once it is given, others see that this process lives, however it ends. */
  enter(): Promise<string>;
  lifeOf(process: string): Promise<Life>;
  /** Removes what processes that have ended left here about themselves. */
  forgetGone(): Promise<void>;
  pins(kind: string): Pins;
}

const ALIVE = "alive";
const UNFINISHED = "unfinished-";
// Far longer than it takes to enter.
const ENTERING_MS = 600_000;

/**
 * Keeps presence below one folder. Each process listens at a socket there and never answers: the kernel
 * closes it with the process, and refuses whoever knocks afterwards. Unlike a number, that cannot be taken
 * by another process, and it can be seen from another container of the same machine.
 */
export function keepPresence(root: string): Presence {
  const own = randomBytes(8).toString("hex");
  const enter = once(async () => {
    await announce(root, own);
    return own;
  });
  const lifeOf = async (name: string): Promise<Life> =>
    name === own ? "living" : await knock(join(root, name));

  return {
    enter,
    lifeOf,
    async forgetGone() {
      for (const name of await everythingBelow(root)) {
        const life = await lifeOf(name);
        if (life !== "gone" && !(life === "unknown" && (await isStuck(root, name)))) continue;
        await rm(join(root, name), { recursive: true, force: true });
      }
    },
    pins: (kind) => ({
      process: enter,
      lifeOf,
      async pin(name) {
        const folder = join(root, await enter(), kind);
        await mkdir(folder, { recursive: true });
        await writeFile(join(folder, name), "");
      },
      async unpin(name) {
        await rm(join(root, own, kind, name), { force: true });
      },
      async othersPins() {
        const pinned = new Set<string>();
        for (const name of await namesBelow(root)) {
          if (name === own || (await lifeOf(name)) !== "living") continue;
          for (const pin of await namesBelow(join(root, name, kind))) pinned.add(pin);
        }
        return pinned;
      },
    }),
  };
}

// Listening before it has its name: otherwise there were a moment in which it seems to have ended.
async function announce(root: string, own: string): Promise<void> {
  const unfinished = join(root, `${UNFINISHED}${own}`);
  try {
    await mkdir(unfinished, { recursive: true });
    await at(unfinished, listen);
    await rename(unfinished, join(root, own));
  } catch (cause) {
    throw new NexusError("sandbox.unavailable", `There can be no socket in ${root}.`, {
      hint: "Nexus' folder must be writable and on a file system of this machine.",
      cause,
    });
  }
}

async function listen(path: string): Promise<Server> {
  const server = createServer((socket) => socket.destroy());
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  server.once("error", reject);
  server.listen(path, resolve);
  await promise;
  return server.unref();
}

async function knock(folder: string): Promise<Life> {
  try {
    return await at(folder, answer);
  } catch (error) {
    if (isMissing(error)) return "unknown";
    throw error;
  }
}

// Only a refusal shows that nobody is there. Who is too busy or belongs to another user lives.
function answer(path: string): Promise<Life> {
  const { promise, resolve } = Promise.withResolvers<Life>();
  const socket = connect(path, () => resolve("living"));
  socket.on("error", (error: NodeJS.ErrnoException) => {
    if (error.code === "ECONNREFUSED") resolve("gone");
    else resolve(isMissing(error) ? "unknown" : "living");
  });
  return promise.finally(() => socket.destroy());
}

// A socket's path has room for about a hundred bytes; Linux offers a short way to any folder.
async function at<T>(folder: string, work: (path: string) => Promise<T>): Promise<T> {
  if (process.platform !== "linux") return await work(join(folder, ALIVE));
  await using handle = await open(folder);
  return await work(`/proc/self/fd/${handle.fd}/${ALIVE}`);
}

/** Whether a process was killed before it could say that it lives. */
async function isStuck(root: string, name: string): Promise<boolean> {
  if (!name.startsWith(UNFINISHED)) return false;
  const stats = await stat(join(root, name)).catch(() => undefined);
  return stats !== undefined && Date.now() - stats.mtimeMs > ENTERING_MS;
}

async function namesBelow(folder: string): Promise<string[]> {
  return (await everythingBelow(folder)).filter((name) => !name.startsWith(UNFINISHED));
}

async function everythingBelow(folder: string): Promise<string[]> {
  try {
    return await readdir(folder);
  } catch (error) {
    if (isMissing(error)) return [];
    throw error;
  }
}
