import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { TestProject } from "vitest/node";
import { startEmbeddedPostgres } from "../src/servers/embedded-postgres.ts";
import { startEmbeddedRedis } from "../src/servers/embedded-redis.ts";
import { quietLog } from "./world/quiet-log.ts";

declare module "vitest" {
  export interface ProvidedContext {
    /** The server all tests share; make a database of your own with `freshDatabase`. */
    databaseUrl: string;
    /** The Redis all tests share; use a prefix of your own, or `startRedis` for one to break. */
    redisUrl: string;
  }
}

/** Starts what the tests share, and stops it after the last one. */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const folder = await mkdtemp(join(tmpdir(), "nexus-test-"));
  const log = quietLog();
  // Durability is tested on servers of the test's own; here only speed counts.
  const settings = {
    fsync: "off",
    synchronous_commit: "off",
    full_page_writes: "off",
    max_connections: "300",
  };
  const [postgres, redis] = await Promise.all([
    startEmbeddedPostgres({ folder, log, settings }),
    startEmbeddedRedis({ folder, log }),
  ]);
  project.provide("databaseUrl", postgres.url);
  project.provide("redisUrl", redis.url);
  return async () => {
    await Promise.all([postgres.stop(), redis.stop()]);
    await rm(folder, { recursive: true, force: true });
  };
}
