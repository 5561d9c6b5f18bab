import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import { connect } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";

/** A Redis of the test's own, to be stopped, hung, killed and emptied at will. */
export interface TestRedis extends AsyncDisposable {
  /** `redis+unix:///…`; stays the same over restarts. */
  readonly url: string;
  readonly socketPath: string;
  /** SIGSTOP: alive, but deaf. */
  hang(): void;
  /** SIGCONT. */
  wake(): void;
  /** SIGKILL; resolves when it is gone. */
  kill(): Promise<void>;
  /** Starts it again over the same data. */
  restart(): Promise<void>;
  /** One command, its raw reply. */
  command(...words: readonly string[]): Promise<string>;
}

/** Starts a Redis with an append-only file in a folder of its own; extra arguments go to its command line. */
export async function startRedis(...extra: readonly string[]): Promise<TestRedis> {
  const folder = await mkdtemp(join(tmpdir(), "redis-"));
  const socketPath = join(folder, "redis.sock");
  const launch = async () => {
    const child = spawn(
      "redis-server",
      // biome-ignore format: pairs
      ["--port", "0", "--unixsocket", socketPath, "--dir", folder, "--appendonly", "yes",
       "--appendfsync", "everysec", "--save", "", "--maxmemory-policy", "noeviction", ...extra],
      { stdio: "ignore" },
    );
    const exited = once(child, "exit");
    while (!(await reply(socketPath, ["PING"]).catch(() => "")).startsWith("+PONG")) {
      if (child.exitCode !== null) throw new Error(`redis-server ended with ${child.exitCode}`);
      await pause(10);
    }
    return { child, exited };
  };
  let running = await launch();
  const kill = async (): Promise<void> => {
    running.child.kill("SIGKILL");
    await running.exited;
  };
  return {
    url: `redis+unix://${socketPath}`,
    socketPath,
    hang: () => void running.child.kill("SIGSTOP"),
    wake: () => void running.child.kill("SIGCONT"),
    kill,
    async restart() {
      running = await launch();
    },
    command: (...words) => reply(socketPath, words),
    async [Symbol.asyncDispose]() {
      await kill();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

async function reply(socketPath: string, words: readonly string[]): Promise<string> {
  const parts = words.map((word) => `$${Buffer.byteLength(word)}\r\n${word}\r\n`);
  const { promise, resolve, reject } = Promise.withResolvers<string>();
  const socket = connect(socketPath);
  socket.on("error", reject);
  socket.on("close", () => reject(new Error("redis closed the connection")));
  socket.on("data", (data) => resolve(data.toString()));
  socket.write(`*${words.length}\r\n${parts.join("")}`);
  try {
    return await promise;
  } finally {
    socket.destroy();
  }
}
