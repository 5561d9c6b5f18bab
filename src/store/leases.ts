import { NexusError } from "../core/errors.ts";
import type { Lease } from "../core/record.ts";
import type { Tx } from "./tables.ts";

/** What is thrown at a worker whose task somebody else has. */
export function leaseLost({ taskId, epoch }: Lease): NexusError {
  return new NexusError("task.lease-lost", `Epoch ${epoch} of task ${taskId} is over.`, {
    hint: "Stop working on it: somebody else does, or it is done.",
  });
}

/** Holds the lease still until the transaction ends; throws `task.lease-lost` when it is gone. */
export async function holdLease(tx: Tx, lease: Lease): Promise<void> {
  const held = await tx
    .selectFrom("tasks")
    .select("id")
    .where("id", "=", lease.taskId)
    .where("epoch", "=", lease.epoch)
    .where("state", "=", "running")
    .forUpdate()
    .executeTakeFirst();
  if (!held) throw leaseLost(lease);
}
