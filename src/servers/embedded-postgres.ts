import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { type Log, startChild } from "./children.ts";
import { ask, attachOrStart, type EmbeddedServer } from "./embedded-server.ts";
import { type Cluster, clusterHome, openCluster } from "./postgres-cluster.ts";
import { postgresPrograms, reachablePrograms } from "./postgres-programs.ts";
import { socketFolder } from "./server-folder.ts";
import { serverUser } from "./server-user.ts";
import { underStartLock } from "./start-lock.ts";

export interface PostgresOptions {
  /** Its data live here, and stay when it stops. */
  readonly folder: string;
  readonly log: Log;
  /** Settings of the server beside our own. */
  readonly settings?: Readonly<Record<string, string>>;
  /** Used instead where we are root and the server's user cannot reach the folder or the programs. */
  readonly stateFolder?: string;
}

const STATE_FOLDER = "/var/lib/nexus";
/** Part of the socket's name only: the server does not listen on the network. */
const PORT = "5432";
/** SIGTERM would wait for clients to leave. */
const STOP = "INT";
/** An SSLRequest: every living server answers with one letter, without a password. */
const KNOCK = Buffer.from([0, 0, 0, 8, 4, 210, 22, 47]);

/** Starts PostgreSQL over the folder on a unix socket, or uses the one that runs there. */
export async function startEmbeddedPostgres(options: PostgresOptions): Promise<EmbeddedServer> {
  const user = await serverUser();
  const { folder, log, stateFolder = STATE_FOLDER } = options;
  const bin = await reachablePrograms(await postgresPrograms(), user, stateFolder);
  const home = await clusterHome({ folder, stateFolder }, user, log);
  const cluster = await underStartLock(home, () => openCluster({ home, bin, user }));
  const socket = { folder: join(home, "postgres"), socketName: `.s.PGSQL.${PORT}`, user };
  const sockets = await socketFolder(socket);
  const pidFile = join(cluster.dataFolder, "postmaster.pid");
  return await attachOrStart({
    name: "PostgreSQL",
    url: urlOf(cluster, sockets),
    folder: home,
    dataFolder: cluster.dataFolder,
    pidFile,
    socketFolder: sockets,
    program: join(bin, "postgres"),
    log,
    stopSignal: STOP,
    answers: async () =>
      (await isReady(pidFile)) && (await ask(join(sockets, `.s.PGSQL.${PORT}`), KNOCK)) !== "",
    start: (onLine) =>
      startChild({
        command: join(bin, "postgres"),
        args: postgresArgs(cluster, { sockets, settings: options.settings ?? {} }),
        env: { LC_ALL: "C" },
        name: "postgres",
        log,
        cwd: cluster.dataFolder,
        stopSignal: STOP,
        user,
        onLine,
      }),
  });
}

interface Running {
  readonly sockets: string;
  readonly settings: Readonly<Record<string, string>>;
}

function postgresArgs(cluster: Cluster, { sockets, settings }: Running): string[] {
  const all = { listen_addresses: "", unix_socket_directories: sockets, ...settings };
  return [
    "-D",
    cluster.dataFolder,
    "-p",
    PORT,
    ...Object.entries(all).flatMap(([name, value]) => ["-c", `${name}=${value}`]),
  ];
}

/** A server that is going down still answers knocks; its own file tells. */
async function isReady(pidFile: string): Promise<boolean> {
  const lines = (await readFile(pidFile, "utf8").catch(() => "")).split("\n");
  return lines[7]?.trim() === "ready";
}

/** The host in front is for parsers that insist on one; the socket's folder wins. */
function urlOf({ password }: Cluster, sockets: string): string {
  return `postgres://nexus:${password}@localhost:${PORT}/postgres?host=${encodeURIComponent(sockets)}`;
}
