import { type Processor, Queue, Worker as QueueWorker } from "bullmq";
import { Redis } from "ioredis";
import type { Logger } from "pino";
import { z } from "zod";
import { NexusError } from "../src/core/errors.ts";
import type { Lease } from "../src/core/record.ts";
import { failFast, redisAddress, within } from "./redis.ts";

const QUEUE = "tasks";
/** The braces keep all keys in one slot of a Redis cluster. */
const PREFIX = "{nexus}";
const CLOSE_MS = 1_000;

/** The whole payload of a job: everything else is in the store. */
const JobData = z.strictObject({ taskId: z.string().min(1) });

export interface TaskQueue extends AsyncDisposable {
  /** Twice for the same lease is once. Throws `queue.unavailable`; it may have been added all the same. */
  add(lease: Lease): Promise<void>;
}

/** The producer's side of the queue. */
export function openQueue(url: string, log: Logger): TaskQueue {
  const connection = new Redis(failFast(url));
  const trouble = (error: Error) => log.warn({ reason: error.message }, "queue connection");
  connection.on("error", trouble);
  const queue = new Queue(QUEUE, { connection, prefix: PREFIX });
  queue.on("error", trouble);
  return {
    async add({ taskId, epoch }) {
      try {
        const jobId = `t-${taskId}-${epoch}`;
        const kept = { removeOnComplete: true, removeOnFail: true };
        await within(3_000, queue.add("task", { taskId }, { jobId, attempts: 1, ...kept }));
      } catch {
        throw new NexusError("queue.unavailable", "The queue does not answer.", {
          retryable: true,
        });
      }
    },
    async [Symbol.asyncDispose]() {
      // Not by a command: Redis may be gone.
      connection.disconnect();
    },
  };
}

/** Does one task; resolves when it is over, whatever came of it. */
export type ProcessTask = (taskId: string) => Promise<void>;

/**
 * Takes jobs and hands their task's id on. BullMQ's own locks and retries decide nothing here: a lost
 * lock, a stalled or a doubled job is harmless because the store's lease says who works on a task.
 */
export function startQueueWorker(options: {
  url: string;
  concurrency: number;
  process: ProcessTask;
  log: Logger;
}): AsyncDisposable {
  const connection = { ...redisAddress(options.url), maxRetriesPerRequest: null };
  const underWay = new Set<Promise<void>>();
  const process: ProcessTask = async (taskId) => {
    const job = options.process(taskId);
    underWay.add(job);
    await job.finally(() => underWay.delete(job));
  };
  const worker = new QueueWorker(QUEUE, processor(process), {
    connection,
    prefix: PREFIX,
    concurrency: options.concurrency,
    maxStalledCount: 1_000,
    lockDuration: 60_000,
    stalledInterval: 15_000,
  });
  worker.on("error", (error) => options.log.warn({ reason: error.message }, "queue worker"));
  worker.on("failed", (job, error) =>
    options.log.error({ job: job?.id, reason: error.message }, "job failed"),
  );
  return {
    async [Symbol.asyncDispose]() {
      const closed = worker.close();
      while (underWay.size > 0) await Promise.allSettled(underWay);
      // What is left is Redis' part, and Redis may be gone.
      await within(CLOSE_MS, closed).catch(() => disconnect(worker));
    },
  };
}

function processor(process: ProcessTask): Processor {
  return async (job) => {
    const { data, success } = JobData.safeParse(job.data);
    if (!success) throw new NexusError("task.malformed", "The job carries no task id.");
    await process(data.taskId);
  };
}

/** A worker that never reached its Redis has nothing to disconnect, and would wait for it. */
async function disconnect(worker: QueueWorker): Promise<void> {
  await within(CLOSE_MS, worker.disconnect()).catch(() => undefined);
}
