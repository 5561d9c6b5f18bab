import { expect, it } from "vitest";
import { createRedisScripts } from "../../../../jobs/redis-scripts.ts";
import type { LimitRule } from "../../../../src/models/limiter/desk.ts";
import { createSharedDesk } from "../../../../src/models/limiter/shared-desk.ts";
import { createSteadyDesk, type DeskNews } from "../../../../src/models/limiter/steady-desk.ts";
import { startRedis } from "../../../world/redis.ts";
import { until } from "../../../world/until.ts";

const now = () => performance.timeOrigin + performance.now();
const RULE: LimitRule = { name: "vendor", rate: undefined, concurrency: 4 };

/** Two processes of one installation, as far as the limit knows. */
function opened(url: string) {
  const scripts = createRedisScripts(url);
  const process = (name: string) => {
    const news: DeskNews[] = [];
    const shared = createSharedDesk({ run: scripts.run, process: name });
    const onNews = (one: DeskNews) => void news.push(one);
    const desk = createSteadyDesk({ shared, ping: scripts.ping, now, onNews, pingEveryMs: 100 });
    return { desk, news };
  };
  const [one, two] = [process("one"), process("two")];
  return {
    one,
    two,
    async [Symbol.asyncDispose]() {
      one.desk[Symbol.dispose]();
      two.desk[Symbol.dispose]();
      await scripts[Symbol.asyncDispose]();
    },
  };
}

it("where Redis is gone each goes on with its part, and calls that still run count", async () => {
  await using redis = await startRedis();
  await using world = opened(redis.url);
  const { one, two } = world;
  await one.desk.ask(RULE, "one 1");
  await two.desk.ask(RULE, "two 1");
  await one.desk.ask({ ...RULE, name: "other" }, "x");
  await one.desk.end({ ...RULE, name: "other" }, "x", { kind: "done" });
  // It knows of the other one since the second question.
  await one.desk.ask(RULE, "one 1b");
  await one.desk.end(RULE, "one 1b", { kind: "done" });

  await redis.kill();
  const second = await one.desk.ask(RULE, "one 2");
  const third = await one.desk.ask(RULE, "one 3");
  await one.desk.end(RULE, "one 1", { kind: "done" });
  const again = await one.desk.ask(RULE, "one 3");

  expect([second, third, again].map(({ kind }) => kind)).toEqual(["granted", "wait", "granted"]);
  expect(one.news).toEqual(["alone"]);
});

it("where Redis is back they share again, none of them beyond the limit", async () => {
  await using redis = await startRedis();
  await using world = opened(redis.url);
  const { one, two } = world;
  await redis.kill();
  await one.desk.ask(RULE, "a");
  await one.desk.end(RULE, "a", { kind: "done" });

  await redis.restart();
  await until(() => one.news.length === 2, { what: "Redis to be noticed" });
  await until(async () => (await one.desk.ask(RULE, "b")).kind === "granted", {
    what: "the silence to end",
  });

  expect(one.news).toEqual(["alone", "together"]);
  for (const ticket of ["c", "d", "e"]) await two.desk.ask(RULE, ticket);
  expect(await two.desk.ask(RULE, "f")).toMatchObject({ kind: "wait" });
});

it("a Redis that hangs holds up nobody for long, and nothing of it throws", async () => {
  await using redis = await startRedis();
  await using world = opened(redis.url);
  const { one } = world;
  await one.desk.ask(RULE, "a");
  redis.hang();

  await one.desk.keep(RULE, "a");
  await one.desk.end(RULE, "a", { kind: "done" });
  const answer = await one.desk.ask(RULE, "b");
  await one.desk.leave(RULE, "b");

  expect(answer.kind).toBe("granted");
  redis.wake();
  await until(() => one.news.includes("together"), { what: "Redis to be noticed" });
});

it("before they share again each is silent until the others have found out too", async () => {
  const redis = { isThere: false };
  let time = 1_000_000;
  const news: DeskNews[] = [];
  const shared = createSharedDesk({
    process: "one",
    async run() {
      if (!redis.isThere) throw new Error("gone");
      return [1, "5", "0", 1];
    },
  });
  const ping = async () => {
    if (!redis.isThere) throw new Error("gone");
  };
  using desk = createSteadyDesk({
    shared,
    ping,
    now: () => time,
    onNews: (one) => void news.push(one),
    pingEveryMs: 50,
  });
  await desk.ask(RULE, "a");
  redis.isThere = true;
  await until(() => news.includes("together"), { what: "Redis to be noticed" });

  const silent = await desk.ask(RULE, "b");
  time += 100;
  const after = await desk.ask(RULE, "b");

  expect(silent).toEqual({ kind: "wait", askAgainMs: 100, expectedMs: 100 });
  expect(after).toEqual({ kind: "granted", at: 5 });
});
