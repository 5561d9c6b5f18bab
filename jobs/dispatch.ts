import type { Tasks } from "../src/core/record.ts";
import type { TaskQueue } from "./queue.ts";

/** Few tasks stand in Redis at a time: what is lost with it is small, and found again in the store. */
const WINDOW = 50;

/**
 * Queues every task that nobody works on. Queued twice is queued once, and a task whose worker died
 * comes back under a new epoch, so this is also what repairs a lost or emptied Redis.
 */
export async function dispatch(tasks: Tasks, queue: TaskQueue): Promise<void> {
  for (const lease of await tasks.runnable(WINDOW)) await queue.add(lease);
}
