import { type Processor, Queue, Worker as QueueWorker } from "bullmq";
import type { Logger } from "pino";
import { z } from "zod";
import { NexusError } from "../src/core/errors.ts";
import type { Lease } from "../src/core/record.ts";
import { failFast, redisAddress } from "./redis.ts";

const QUEUE = "tasks";
/** The braces keep all keys in one slot of a Redis cluster. */
const PREFIX = "{nexus}";

/** The whole payload of a job: everything else is in the store. */
const JobData = z.strictObject({ taskId: z.string().min(1) });

export interface TaskQueue extends AsyncDisposable {
  /** Twice for the same lease is once. Throws `queue.unavailable`; it may have been added all the same. */
  add(lease: Lease): Promise<void>;
}

/** The producer's side of the queue. */
export function openQueue(url: string, log: Logger): TaskQueue {
  const queue = new Queue(QUEUE, { connection: failFast(url), prefix: PREFIX });
  queue.on("error", (error) => log.warn({ reason: error.message }, "queue connection"));
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
      await queue.close();
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
  const worker = new QueueWorker(QUEUE, processor(options.process), {
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
      await worker.close();
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

function within<T>(ms: number, result: Promise<T>): Promise<T> {
  const { promise, reject } = Promise.withResolvers<never>();
  const timer = setTimeout(() => reject(new Error("late")), ms);
  return Promise.race([result, promise]).finally(() => clearTimeout(timer));
}
