import { describe, expect, it } from "vitest";
import { openQueue } from "../../jobs/queue.ts";
import { freePort } from "../world/free-port.ts";
import { logLines } from "../world/log-lines.ts";
import { startRedis } from "../world/redis.ts";
import { until } from "../world/until.ts";
import { rawQueue, withQueue, worker } from "./queue-world.ts";

describe("a queue that does not answer", () => {
  it.each(["hang", "kill"] as const)(
    "after a %s is said in time; it works again after",
    async (how) => {
      const { redis, queue } = await withQueue();
      await queue.add({ taskId: "before", epoch: 1 });
      await redis[how]();
      const began = performance.now();

      await expect(queue.add({ taskId: "t", epoch: 1 })).rejects.toMatchObject({
        code: "queue.unavailable",
        retryable: true,
      });
      expect(performance.now() - began).toBeLessThan(15_000);

      if (how === "hang") redis.wake();
      else await redis.restart();
      const again = () =>
        queue.add({ taskId: "t", epoch: 1 }).then(
          () => true,
          () => false,
        );
      await until(again, { what: "the queue to answer again" });
      const waiting = await rawQueue(redis).getWaiting();
      expect(waiting.map(({ id }) => id)).toContain("t-t-1");
    },
  );

  it("because its memory is full is said too", async () => {
    const { redis, queue } = await withQueue();
    await queue.add({ taskId: "before", epoch: 1 });
    await redis.command("CONFIG", "SET", "maxmemory", "1");

    await expect(queue.add({ taskId: "t", epoch: 1 })).rejects.toMatchObject({
      code: "queue.unavailable",
    });
  });

  it("because of its password says nothing of the password", async () => {
    const port = await freePort();
    await using redis = await startRedis("--port", String(port));
    await redis.command("CONFIG", "SET", "requirepass", "another");
    const { log, lines } = logLines();
    await using queue = openQueue(`redis://:canary-password@127.0.0.1:${port}`, log);

    await expect(queue.add({ taskId: "t", epoch: 1 })).rejects.toMatchObject({
      code: "queue.unavailable",
    });
    expect(lines.join("")).toContain("queue connection");
    expect(lines.join("")).not.toMatch(/another|canary/);
  });
});

describe("an idle worker takes the next job", () => {
  it("after Redis was emptied", async () => {
    const { redis, queue } = await withQueue();
    const { done } = worker(redis);
    await queue.add({ taskId: "first", epoch: 1 });
    await until(() => done.length === 1, { what: "the first job" });

    await redis.command("FLUSHALL");
    await queue.add({ taskId: "second", epoch: 1 });

    await until(() => done.length === 2, { what: "the second job", timeoutMs: 20_000 });
  });

  it("after Redis was gone and came back", async () => {
    const { redis, queue } = await withQueue();
    const { done } = worker(redis);
    await queue.add({ taskId: "first", epoch: 1 });
    await until(() => done.length === 1, { what: "the first job" });

    await redis.kill();
    await until(
      () =>
        queue.add({ taskId: "x", epoch: 1 }).then(
          () => false,
          () => true,
        ),
      {
        what: "the outage to be noticed",
      },
    );
    await redis.restart();
    const add = () =>
      queue.add({ taskId: "second", epoch: 1 }).then(
        () => true,
        () => false,
      );
    await until(add, { what: "the queue to answer again" });

    await until(() => done.includes("second"), { what: "the second job", timeoutMs: 20_000 });
  });
});

describe("closing", () => {
  it("waits for the job under way", async () => {
    const { redis, queue } = await withQueue();
    const hold = Promise.withResolvers<void>();
    const started: string[] = [];
    const { done, running } = worker(redis, (id) => {
      started.push(id);
      return hold.promise;
    });
    await queue.add({ taskId: "a", epoch: 1 });
    await until(() => started.length === 1, { what: "the job to be started" });

    const closing = running[Symbol.asyncDispose]().then(() => [...done]);
    await new Promise((resolve) => setImmediate(resolve));
    hold.resolve();

    expect(await closing).toEqual(["a"]);
  });

  it.each(["hang", "kill"] as const)(
    "does not wait for a Redis that is gone by a %s",
    async (how) => {
      const { redis, queue } = await withQueue();
      const { done, running } = worker(redis);
      await queue.add({ taskId: "a", epoch: 1 });
      await until(() => done.length === 1, { what: "the job to be done" });
      await redis[how]();
      const began = performance.now();

      await Promise.all([running[Symbol.asyncDispose](), queue[Symbol.asyncDispose]()]);

      expect(performance.now() - began).toBeLessThan(25_000);
      if (how === "hang") redis.wake();
    },
  );
});
