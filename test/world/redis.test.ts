import { Redis } from "ioredis";
import { expect, it } from "vitest";
import { startRedis } from "./redis.ts";

it("can be emptied, killed and started again over its data", async () => {
  await using redis = await startRedis();
  await redis.command("SET", "a", "1");
  await redis.kill();
  await expect(redis.command("PING")).rejects.toThrow();

  await redis.restart();
  const kept = await redis.command("GET", "a");
  await redis.command("FLUSHALL");

  expect(kept).toBe("$1\r\n1\r\n");
  expect(await redis.command("GET", "a")).toBe("$-1\r\n");
});

it("is alive but deaf while it hangs", async () => {
  await using redis = await startRedis("--maxmemory", "20mb");
  const client = new Redis({ path: redis.socketPath, commandTimeout: 200 });
  await client.ping();

  redis.hang();
  await expect(client.ping()).rejects.toThrow("timed out");
  redis.wake();

  expect(await redis.command("PING")).toBe("+PONG\r\n");
  client.disconnect();
});
