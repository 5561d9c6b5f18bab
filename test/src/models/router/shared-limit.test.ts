import { spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { expect, it } from "vitest";
import { startScriptedModel } from "../../../world/model/scripted-model.ts";
import { startRedis } from "../../../world/redis.ts";
import { until } from "../../../world/until.ts";

/*
 * Ten calls a second are allowed. They are let go 110 ms apart by Redis' clock, so in any span of 1.1 seconds there
 * are at most ten of them, and a vendor that counts arrivals sees at most ten in a second, as long as none is on the
 * road for 100 ms longer than another one. This machine may be busy, so an arrival that is later than that after its
 * call was let go does not count here; everything else is exact.
 */
const ROAD_MS = 100;
const SPACING_MS = 110;
const PER_SECOND = 10;

/** What is sorted, at most this many of it in any second. */
function mostInASecond(times: readonly number[]): number {
  const counts = times.map((from) => times.filter((at) => at >= from && at < from + 1_000).length);
  return Math.max(0, ...counts);
}

/** A process that calls its model as fast as it may. */
async function startCaller(redisUrl: string, modelUrl: string) {
  const child = spawn(process.execPath, [join(import.meta.dirname, "calling-child.ts")], {
    env: {
      PATH: process.env.PATH,
      DATABASE_URL: "postgres://127.0.0.1:9/nowhere",
      REDIS_URL: redisUrl,
      BROKER_KEY: "0123456789abcdef0123456789abcdef",
      MODEL: "local:counting",
      LOCAL_MODEL_URL: modelUrl,
      MODEL_RATE: `local=${PER_SECOND}/s`,
    },
    stdio: ["pipe", "pipe", "pipe"],
  });
  const closed = once(child, "close");
  let output = "";
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding("utf8").on("data", (text: string) => {
      output += text;
    });
  }
  const orFail = () => child.exitCode !== null && output;
  await until(() => output.includes("ready"), { what: "a caller to be ready", orFail });
  const granted = () => [...output.matchAll(/^granted (\S+)$/gm)].map(([, at]) => Number(at));
  return {
    start: () => child.stdin.write("go\n"),
    granted,
    said: () => output.split("\n").filter((line) => line !== "" && !line.startsWith("granted")),
    /** Resolves when so many more calls were let go. */
    async goesOn(count: number) {
      const goal = granted().length + count;
      await until(() => granted().length >= goal, { what: `${count} calls`, orFail });
    },
    async [Symbol.asyncDispose]() {
      child.kill("SIGKILL");
      await closed;
    },
  };
}

/** Two callers, and a vendor that notes when their calls arrive. */
async function startWorld() {
  const arrivals: number[] = [];
  const [redis, model] = await Promise.all([
    startRedis(),
    startScriptedModel(() => {
      arrivals.push(performance.timeOrigin + performance.now());
      return { text: "ok" };
    }),
  ]);
  const [one, two] = await Promise.all([
    startCaller(redis.url, model.url),
    startCaller(redis.url, model.url),
  ]);
  one.start();
  two.start();
  return {
    redis,
    one,
    two,
    arrivals,
    model,
    async [Symbol.asyncDispose]() {
      for (const part of [one, two, model, redis]) await part[Symbol.asyncDispose]();
    },
  };
}

function numerically(a: number, b: number): number {
  return a - b;
}

it("two processes with ten calls a second between them never make more, and both go on", async () => {
  await using world = await startWorld();
  const { one, two, model } = world;

  await Promise.all([one.goesOn(12), two.goesOn(12)]);
  for (const caller of [one, two]) await caller[Symbol.asyncDispose]();

  const grants = [...one.granted(), ...two.granted()].sort(numerically);
  const gaps = grants.slice(1).map((at, index) => at - (grants[index] ?? 0));
  // Redis tells thousandths of milliseconds.
  expect(Math.min(...gaps)).toBeGreaterThan(SPACING_MS - 0.01);
  const arrivals = world.arrivals.toSorted(numerically);
  // Each arrives after it was let go, so the first of them arrives after the first was let go, and so on.
  const inTime = arrivals.filter((at, index) => at - (grants[index] ?? 0) <= ROAD_MS);
  expect(mostInASecond(inTime)).toBeLessThanOrEqual(PER_SECOND);
  expect(arrivals.length).toBeLessThanOrEqual(grants.length);
  expect(model.violations).toEqual([]);
  expect([one.said(), two.said()]).toEqual([["ready"], ["ready"]]);
});

it("where Redis dies in the middle both go on with half of it each, and share again when it is back", async () => {
  await using world = await startWorld();
  const { redis, one, two } = world;
  const both = (count: number) => Promise.all([one.goesOn(count), two.goesOn(count)]);
  await both(4);

  await redis.kill();
  await both(6);
  await redis.restart();
  await until(() => [one, two].every(({ said }) => said().includes("together")), {
    what: "both to share again",
  });
  await both(6);
  for (const caller of [one, two]) await caller[Symbol.asyncDispose]();

  const grants = [...one.granted(), ...two.granted()].sort(numerically);
  // While each finds out for itself, a call of one may fall beside one of the other. It is never no limit.
  expect(mostInASecond(grants)).toBeLessThanOrEqual(PER_SECOND * 1.5);
  for (const { said } of [one, two]) expect(said()).toEqual(["ready", "alone", "together"]);
});
