import { mkdtemp, rm, stat } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Redis } from "ioredis";
import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { startEmbeddedRedis } from "../../../src/servers/embedded-redis.ts";
import { startedByKilledParent } from "../../world/parent-process.ts";
import { quietLog } from "../../world/quiet-log.ts";

const log = quietLog();
let folder: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "embedded-"));
});
afterEach(async () => {
  await rm(folder, { recursive: true, force: true });
});

async function command(url: string, ...words: readonly [string, ...string[]]): Promise<unknown> {
  const path = decodeURIComponent(new URL(url).pathname);
  const redis = new Redis({ path, lazyConnect: true, retryStrategy: () => null });
  redis.on("error", () => undefined);
  await redis.connect();
  const [name, ...args] = words;
  try {
    return await redis.call(name, ...args);
  } finally {
    redis.disconnect();
  }
}

it("drops nothing, forgets nothing, and is not on the network", async () => {
  const server = await startEmbeddedRedis({ folder, log });

  const setting = async (name: string) => await command(server.url, "CONFIG", "GET", name);

  expect(await setting("maxmemory-policy")).toEqual(["maxmemory-policy", "noeviction"]);
  expect(await setting("appendonly")).toEqual(["appendonly", "yes"]);
  expect(await setting("appendfsync")).toEqual(["appendfsync", "everysec"]);
  expect(await setting("port")).toEqual(["port", "0"]);
  await server.stop();
});

it("keeps its data and its address over a stop and a start", async () => {
  const first = await startEmbeddedRedis({ folder, log });
  await command(first.url, "SET", "answer", "42");
  await first.stop();
  await expect(command(first.url, "PING")).rejects.toThrow();

  const second = await startEmbeddedRedis({ folder, log });

  expect(second.url).toBe(first.url);
  expect(await command(second.url, "GET", "answer")).toBe("42");
  await second.stop();
});

it("is one server when three start at once, and stops with the one that started it", async () => {
  const servers = await Promise.all([1, 2, 3].map(() => startEmbeddedRedis({ folder, log })));
  const late = await startEmbeddedRedis({ folder, log });
  await late.stop();

  expect(await command(late.url, "PING")).toBe("PONG");
  for (const server of servers) await server.stop();
  await expect(command(late.url, "PING")).rejects.toThrow();
});

it("does not outlive a parent that was killed, and the next start takes over", async () => {
  const url = await startedByKilledParent("redis", folder);

  await vi.waitFor(
    () => expect(stat(join(folder, "redis", "redis.pid"))).rejects.toThrow("ENOENT"),
    { timeout: 10_000 },
  );
  const server = await startEmbeddedRedis({ folder, log });

  expect(server.url).toBe(url);
  expect(await command(url, "PING")).toBe("PONG");
  await server.stop();
});

it.each([
  ["long", "d".repeat(120)],
  ["strange", "a b#ü%20?"],
])("starts in a folder whose path is %s", async (_kind, name) => {
  const server = await startEmbeddedRedis({ folder: join(folder, name), log });

  expect(await command(server.url, "PING")).toBe("PONG");
  await server.stop();
});

it("uses the first program that is there", async () => {
  const programs = ["no-such-server", "redis-server"];

  const server = await startEmbeddedRedis({ folder, log, programs });

  expect(await command(server.url, "PING")).toBe("PONG");
  await server.stop();
});

it("says what to install when there is none", async () => {
  const attempt = startEmbeddedRedis({ folder, log, programs: ["no-such-server"] });

  await expect(attempt).rejects.toMatchObject({
    code: "server.unavailable",
    hint: expect.stringContaining("apt-get install redis-server"),
  });
});
