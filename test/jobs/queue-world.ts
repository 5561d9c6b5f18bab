import { Queue } from "bullmq";
import { onTestFinished } from "vitest";
import { openQueue, startQueueWorker } from "../../jobs/queue.ts";
import { redisAddress } from "../../jobs/redis.ts";
import { logLines } from "../world/log-lines.ts";
import { startRedis, type TestRedis } from "../world/redis.ts";

/** The producer's side of a Redis of its own. */
export async function withQueue(...settings: readonly string[]) {
  const redis = await startRedis(...settings);
  const { log, lines } = logLines();
  const queue = openQueue(redis.url, log);
  onTestFinished(async () => {
    await queue[Symbol.asyncDispose]();
    await redis[Symbol.asyncDispose]();
  });
  return { redis, queue, log, lines };
}

/** A worker that keeps what it was given. */
export function worker(
  redis: TestRedis,
  process: (taskId: string) => Promise<void> = async () => {},
) {
  const { log, lines } = logLines();
  const done: string[] = [];
  const running = startQueueWorker({
    url: redis.url,
    concurrency: 2,
    log,
    process: async (taskId) => {
      await process(taskId);
      done.push(taskId);
    },
  });
  onTestFinished(() => running[Symbol.asyncDispose]());
  return { done, lines, running };
}

/** The queue past our own side of it. */
export function rawQueue(redis: TestRedis): Queue {
  const raw = new Queue("tasks", { connection: redisAddress(redis.url), prefix: "{nexus}" });
  raw.on("error", () => undefined);
  onTestFinished(() => raw.close());
  return raw;
}
