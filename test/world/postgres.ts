import { mkdtemp, readdir, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { startEmbeddedPostgres } from "../../src/servers/embedded-postgres.ts";
import { quietLog } from "./quiet-log.ts";

/** A PostgreSQL of the test's own, to be stopped, hung and killed at will. */
export interface TestPostgres extends AsyncDisposable {
  /** Stays the same over restarts. */
  readonly url: string;
  /** SIGSTOP to all its processes: alive, but deaf. */
  hang(): Promise<void>;
  /** SIGCONT to all of them. */
  wake(): Promise<void>;
  /** SIGKILL to all of them. */
  kill(): Promise<void>;
  /** Starts it again over the same data. */
  restart(): Promise<void>;
}

/** Starts a PostgreSQL in a folder of its own. */
export async function startPostgres(): Promise<TestPostgres> {
  const folder = await mkdtemp(join(tmpdir(), "postgres-"));
  const launch = () => startEmbeddedPostgres({ folder, log: quietLog() });
  let server = await launch();
  const signal = async (name: NodeJS.Signals): Promise<void> => {
    const pids = await processesOf(join(folder, "postgres", "data", "postmaster.pid"));
    for (const pid of pids) {
      try {
        process.kill(pid, name);
      } catch {
        // It ended after it was found.
      }
    }
  };
  return {
    url: server.url,
    hang: () => signal("SIGSTOP"),
    wake: () => signal("SIGCONT"),
    kill: () => signal("SIGKILL"),
    async restart() {
      server = await launch();
    },
    async [Symbol.asyncDispose]() {
      await server.stop();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

async function processesOf(pidFile: string): Promise<readonly number[]> {
  const main = Number.parseInt(await readFile(pidFile, "utf8"), 10);
  const pids = (await readdir("/proc")).filter((name) => /^\d+$/.test(name)).map(Number);
  const stats = await Promise.all(
    pids.map(async (pid) => ({
      pid,
      stat: await readFile(`/proc/${pid}/stat`, "utf8").catch(() => ""),
    })),
  );
  // The parent's id is the second word after the name in brackets.
  const children = stats.filter(
    ({ stat }) => Number(stat.split(") ").at(-1)?.split(" ")[1]) === main,
  );
  return [main, ...children.map(({ pid }) => pid)];
}
