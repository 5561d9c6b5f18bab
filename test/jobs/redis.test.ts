import { createServer } from "node:net";
import { describe, expect, it, onTestFinished } from "vitest";
import { assertSafeRedis, redisAddress } from "../../jobs/redis.ts";
import { NexusError } from "../../src/core/errors.ts";
import { freePort } from "../world/free-port.ts";
import { startRedis } from "../world/redis.ts";

const PASSWORD = "canary-p@ssw0rd";

describe("the address that a URL means", () => {
  it.each([
    ["redis://cache", { host: "cache", port: 6379, db: 0 }],
    ["redis://cache:6380/3", { host: "cache", port: 6380, db: 3 }],
    ["redis://:p%40ss@cache/", { host: "cache", port: 6379, db: 0, password: "p@ss" }],
    ["redis://me:pw@cache", { host: "cache", port: 6379, db: 0, username: "me", password: "pw" }],
    ["rediss://cache", { host: "cache", port: 6379, db: 0, tls: {} }],
    ["redis://[::1]:6380", { host: "::1", port: 6380, db: 0 }],
    ["redis+unix:///run/my%20redis.sock", { path: "/run/my redis.sock" }],
  ])("%s", (url, expected) => {
    expect(redisAddress(url)).toEqual(expected);
  });
});

it("a Redis that keeps everything is safe", async () => {
  await using redis = await startRedis();

  await assertSafeRedis(redis.url);
});

describe("a Redis that may throw jobs away is refused", () => {
  it.each([
    "allkeys-lru",
    "allkeys-lfu",
    "allkeys-random",
    "volatile-lru",
    "volatile-lfu",
    "volatile-random",
    "volatile-ttl",
  ])("%s", async (policy) => {
    await using redis = await startRedis("--maxmemory-policy", policy);

    await expect(assertSafeRedis(redis.url)).rejects.toMatchObject({
      code: "queue.unsafe-eviction",
      message: `REDIS_URL: maxmemory-policy is ${policy}, which lets Redis throw jobs away.`,
      hint: expect.stringContaining("noeviction"),
      retryable: false,
    });
  });

  it("also one that does not say what it does", async () => {
    await using redis = await startRedis("--rename-command", "INFO", "");

    await expect(assertSafeRedis(redis.url)).rejects.toBeInstanceOf(NexusError);
  });

  it("but not one that forbids to look at its configuration", async () => {
    await using redis = await startRedis("--rename-command", "CONFIG", "");

    await assertSafeRedis(redis.url);
  });
});

describe("a Redis that does not answer is said within three seconds", () => {
  /** How it fails, and that it fails in time and without the password. */
  async function failureOf(url: string): Promise<NexusError> {
    const began = performance.now();
    const error: unknown = await assertSafeRedis(url).catch((reason: unknown) => reason);
    if (!(error instanceof NexusError)) throw new Error("It was taken for safe.");
    expect(performance.now() - began).toBeLessThan(15_000);
    expect(`${error.stack} ${error.hint} ${JSON.stringify(error.cause)}`).not.toContain("canary");
    return error;
  }
  const unavailable = { code: "queue.unavailable", retryable: true };

  it("nobody listens", async () => {
    const url = `redis://:${encodeURIComponent(PASSWORD)}@127.0.0.1:${await freePort()}`;

    expect(await failureOf(url)).toMatchObject(unavailable);
  });

  it("its socket is not there", async () => {
    expect(await failureOf("redis+unix:///nowhere/canary.sock")).toMatchObject(unavailable);
  });

  it("it hangs", async () => {
    await using redis = await startRedis();
    redis.hang();

    expect(await failureOf(redis.url)).toMatchObject(unavailable);
    redis.wake();
  });

  it("something else listens and says nothing", async () => {
    const server = createServer().listen(0, "127.0.0.1");
    onTestFinished(() => void server.close());
    await new Promise((resolve) => server.once("listening", resolve));
    const address = server.address();
    const port = typeof address === "object" && address ? address.port : 0;

    expect(await failureOf(`redis://127.0.0.1:${port}`)).toMatchObject(unavailable);
  });

  it.each([
    ["another password", PASSWORD],
    ["no password", undefined],
  ])("it wants %s", async (_name, password) => {
    const port = await freePort();
    await using redis = await startRedis("--port", String(port));
    await redis.command("CONFIG", "SET", "requirepass", "another");
    const login = password === undefined ? "" : `:${encodeURIComponent(password)}@`;

    expect(await failureOf(`redis://${login}127.0.0.1:${port}`)).toMatchObject(unavailable);
  });
});
