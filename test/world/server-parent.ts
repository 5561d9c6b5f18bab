import { startEmbeddedPostgres } from "../../src/servers/embedded-postgres.ts";
import { startEmbeddedRedis } from "../../src/servers/embedded-redis.ts";
import { quietLog } from "./quiet-log.ts";

// A process that starts a server, says its URL, and then lives until somebody kills it.
const [kind, folder = ""] = process.argv.slice(2);
const start = kind === "redis" ? startEmbeddedRedis : startEmbeddedPostgres;
const { url } = await start({ folder, log: quietLog() });
process.stdout.write(`${url}\n`);
setInterval(() => undefined, 60_000);
