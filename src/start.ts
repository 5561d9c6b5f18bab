import { randomBytes } from "node:crypto";
import { resolve } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { createLog } from "../jobs/log.ts";
import { parsePublisherConfig, parseWebConfig, parseWorkerConfig, SETTINGS } from "./config.ts";
import { NexusError } from "./core/errors.ts";
import { createRedactor } from "./core/redact.ts";
import { readAppKey } from "./github/app-key.ts";
import { noteAddresses } from "./servers/addresses.ts";
import { type Child, type Log, startChild } from "./servers/children.ts";
import { startEmbeddedPostgres } from "./servers/embedded-postgres.ts";
import { startEmbeddedRedis } from "./servers/embedded-redis.ts";
import { runProcess, stopped } from "./servers/lifecycle.ts";

type Environment = Record<string, string | undefined>;
type Role = keyof typeof SETTINGS;

const ENTRY: Record<Role, string> = {
  web: "src/main.ts",
  publisher: "jobs/publisher/main.ts",
  worker: "jobs/worker/main.ts",
};
const LAST_WORDS_MS = 3_000;
/** What any process needs of its surroundings; everything else is given by name. */
const SURROUNDINGS = ["PATH", "HOME", "TZ", "LANG", "NODE_EXTRA_CA_CERTS", "SSL_CERT_FILE"];

/** A whole installation on one machine: servers where none are named, and the three processes. */
await runProcess("Nexus", async (signal) => {
  const given: Environment = {
    BROKER_KEY: randomBytes(24).toString("hex"),
    ...definedIn(process.env),
  };
  const { logLevel, folder } = checkAll(given);
  const log = createLog({ name: "start", level: logLevel, redact: createRedactor([]) });

  const postgres = given.DATABASE_URL ? undefined : await startEmbeddedPostgres({ folder, log });
  const redis = given.REDIS_URL ? undefined : await startEmbeddedRedis({ folder, log });
  const env = { DATABASE_URL: postgres?.url, REDIS_URL: redis?.url, ...given };
  const { DATABASE_URL: databaseUrl = "", REDIS_URL: redisUrl = "" } = env;
  await using _note = await noteAddresses(folder, { databaseUrl, redisUrl });
  const children = (["web", "publisher", "worker"] as const).map((role) => launch(role, env, log));
  const exits = children.map(({ exited }) => exited);
  const first = await Promise.race([stopped(signal), ...exits]);

  // What keeps one from starting may keep others too: each gets the time to say what it lacks.
  if (first !== undefined)
    await Promise.race([Promise.all(exits), sleep(LAST_WORDS_MS), stopped(signal)]);
  await Promise.all(children.map((child) => child.stop()));
  await Promise.all([postgres?.stop(), redis?.stop()]);
  if (first === undefined) return;
  throw new NexusError(
    "server.unavailable",
    "One of the processes ended; the others were stopped.",
    {
      hint: "What it said is above.",
    },
  );
});

/** All problems of all three processes at once, before anything is started. */
function checkAll(given: Environment) {
  // Servers that are not named are started here: their addresses come later and are right.
  const later = { DATABASE_URL: "postgres://localhost/nexus", REDIS_URL: "redis+unix:///nexus" };
  const env = { ...later, ...given };
  const problems: unknown[] = [];
  const attempt = <T>(parse: (from: Environment) => T): T | undefined => {
    try {
      return parse(env);
    } catch (error) {
      problems.push(error);
      return undefined;
    }
  };
  const web = attempt(parseWebConfig);
  attempt(parseWorkerConfig);
  attempt((from) => readAppKey(parsePublisherConfig(from)));
  if (problems.length > 0 || !web) throw new AggregateError(problems);
  return { ...web, folder: resolve(web.folder) };
}

function launch(role: Role, env: Environment, log: Log): Child {
  const names = new Set([...SETTINGS[role], ...SURROUNDINGS]);
  const own = Object.entries(env).filter(([name, value]) => names.has(name) && value !== undefined);
  return startChild({
    command: process.execPath,
    args: [resolve(import.meta.dirname, "..", ENTRY[role])],
    env: Object.fromEntries(own) as Record<string, string>,
    name: role,
    log,
    onLine: (line) => process.stdout.write(`${line}\n`),
  });
}

function definedIn(env: Environment): Environment {
  return Object.fromEntries(Object.entries(env).filter(([, value]) => value?.trim()));
}
