import { setTimeout as delay } from "node:timers/promises";
import { afterAll, expect, it } from "vitest";
import { createRedisScripts } from "../../../../jobs/redis-scripts.ts";
import type { LimitRule } from "../../../../src/models/limiter/desk.ts";
import { keysOf, STALE_MS } from "../../../../src/models/limiter/limit-scripts.ts";
import { createSharedDesk } from "../../../../src/models/limiter/shared-desk.ts";
import { deskContract } from "../../../contracts/desk.contract.ts";
import { startRedis } from "../../../world/redis.ts";
import { until } from "../../../world/until.ts";

const redis = await startRedis();
const scripts = createRedisScripts(redis.url);
afterAll(async () => {
  await scripts[Symbol.asyncDispose]();
  await redis[Symbol.asyncDispose]();
});

const RULE: LimitRule = { name: "leased", rate: undefined, concurrency: 1 };

deskContract("a desk in Redis", async () => {
  await redis.command("FLUSHALL");
  return {
    desk: createSharedDesk({ run: scripts.run, process: "one" }),
    pass: (ms) => delay(ms),
    async [Symbol.asyncDispose]() {},
  };
});

it("several processes share one line, and each knows how many they are", async () => {
  await redis.command("FLUSHALL");
  const [one, two] = ["one", "two"].map((process) =>
    createSharedDesk({ run: scripts.run, process }),
  );

  const answers = [await one?.ask(RULE, "a"), await two?.ask(RULE, "b")];

  expect(answers.map((answer) => answer?.kind)).toEqual(["granted", "wait"]);
  expect(two?.members(RULE.name)).toBe(2);
});

it("the place of a process that died is free after its lease, and one that is kept is not", async () => {
  await redis.command("FLUSHALL");
  const dying = createSharedDesk({ run: scripts.run, process: "one", leaseMs: 300 });
  const living = createSharedDesk({ run: scripts.run, process: "two", leaseMs: 600_000 });
  await dying.ask(RULE, "dead");
  await living.ask({ ...RULE, name: "kept" }, "alive");
  await dying.ask({ ...RULE, name: "renewed" }, "alive");
  await living.keep({ ...RULE, name: "renewed" }, "alive");

  await until(async () => (await living.ask(RULE, "next")).kind === "granted", {
    what: "the lease to end",
  });

  const others = ["kept", "renewed"].map((name) => living.ask({ ...RULE, name }, "next"));
  expect((await Promise.all(others)).map(({ kind }) => kind)).toEqual(["wait", "wait"]);
});

it("who waits and no longer asks holds up nobody for long", async () => {
  await redis.command("FLUSHALL");
  const desk = createSharedDesk({ run: scripts.run, process: "one" });
  for (const ticket of ["running", "gone", "waiting"]) await desk.ask(RULE, ticket);
  const [, , seen = ""] = keysOf(RULE.name);
  await redis.command("ZADD", seen, String(Date.now() - STALE_MS - 1), "gone");

  await desk.end(RULE, "running", { kind: "done" });

  expect(await desk.ask(RULE, "waiting")).toMatchObject({ kind: "granted" });
});

it("a clock that went back makes nobody wait for it", async () => {
  await redis.command("FLUSHALL");
  const desk = createSharedDesk({ run: scripts.run, process: "one" });
  const rule = { ...RULE, rate: { count: 10, windowMs: 1_000 } };
  const [lane = ""] = keysOf(rule.name);
  await redis.command("HSET", lane, "next", String(Date.now() + 3_600_000));

  const answer = await desk.ask(rule, "a");

  expect(answer).toMatchObject({ kind: "wait" });
  expect(answer.kind === "wait" && answer.expectedMs).toBeLessThanOrEqual(110);
});

it("nothing of a vendor is kept for ever", async () => {
  await redis.command("FLUSHALL");
  const desk = createSharedDesk({ run: scripts.run, process: "one" });
  for (const ticket of ["a", "b"]) await desk.ask(RULE, ticket);
  await desk.end(RULE, "a", { kind: "limited", retryAfterMs: undefined });

  const lives = await Promise.all(keysOf(RULE.name).map((key) => redis.command("PTTL", key)));

  // -2: the key is not there.
  expect(lives.map((life) => /^:(?:-2|[1-9]\d*)\r\n$/.test(life))).not.toContain(false);
});
