import { execFile } from "node:child_process";
import { join, resolve } from "node:path";
import { pathToFileURL } from "node:url";
import { promisify } from "node:util";
import { NexusError } from "../core/errors.ts";
import { type Log, startChild } from "./children.ts";
import { ask, attachOrStart, type EmbeddedServer } from "./embedded-server.ts";
import { makeFolder, socketFolder } from "./server-folder.ts";

const run = promisify(execFile);

export interface RedisOptions {
  /** Its data live here, and stay when it stops. */
  readonly folder: string;
  readonly log: Log;
  /** Names or paths to try, best first. */
  readonly programs?: readonly string[];
}

const PROGRAMS = ["valkey-server", "redis-server"];
/** Where systems and package managers put servers; our own environment is not handed down. */
const PATH = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin:/opt/homebrew/bin";
const SOCKET = "redis.sock";

/** Starts the system's Redis or Valkey over the folder on a unix socket, or uses the one that runs there. */
export async function startEmbeddedRedis(options: RedisOptions): Promise<EmbeddedServer> {
  const program = await findProgram(options.programs ?? PROGRAMS);
  const dataFolder = join(resolve(options.folder), "redis");
  await makeFolder(dataFolder, 0o700);
  const sockets = await socketFolder({ folder: dataFolder, socketName: SOCKET });
  const socket = join(sockets, SOCKET);
  const pidFile = join(dataFolder, "redis.pid");
  return await attachOrStart({
    name: "Redis",
    url: `redis+unix://${pathToFileURL(socket).pathname}`,
    folder: dataFolder,
    dataFolder,
    pidFile,
    socketFolder: sockets,
    program,
    log: options.log,
    stopSignal: "TERM",
    answers: async () => (await ask(socket, Buffer.from("PING\r\n"))).startsWith("+PONG"),
    start: (onLine) =>
      startChild({
        command: program,
        args: redisArgs({ socket, dataFolder, pidFile }),
        env: { PATH },
        name: "redis",
        log: options.log,
        onLine,
      }),
  });
}

interface Places {
  readonly socket: string;
  readonly dataFolder: string;
  readonly pidFile: string;
}

function redisArgs({ socket, dataFolder, pidFile }: Places): string[] {
  const settings = {
    port: "0",
    unixsocket: socket,
    unixsocketperm: "700",
    dir: dataFolder,
    pidfile: pidFile,
    appendonly: "yes",
    appendfsync: "everysec",
    save: "",
    // Anything else drops jobs when memory runs short.
    "maxmemory-policy": "noeviction",
  };
  return Object.entries(settings).flatMap(([name, value]) => [`--${name}`, value]);
}

async function findProgram(programs: readonly string[]): Promise<string> {
  for (const program of programs) {
    try {
      await run(program, ["--version"], { env: { PATH }, timeout: 10_000 });
      return program;
    } catch {
      // Not this one.
    }
  }
  throw new NexusError("server.unavailable", "There is no Redis and no Valkey on this machine.", {
    hint: "Set REDIS_URL, or install one: apt-get install redis-server · brew install redis",
  });
}
