import type { Logger } from "pino";
import type { Lease, Tasks } from "../src/core/record.ts";
import { startLoop } from "./loop.ts";

interface Held extends AsyncDisposable {
  /** Fires when the lease is lost, or was not renewed for as long as it lasts. */
  readonly signal: AbortSignal;
}

/** Renews a lease three times in its length, and says at once when it is gone. */
export function keepLease(options: {
  tasks: Tasks;
  lease: Lease;
  leaseMs: number;
  log: Logger;
}): Held {
  const { tasks, lease, leaseMs, log } = options;
  const lost = new AbortController();
  // A timer of its own: it fires also while a renewal is waited for.
  const end = setTimeout(() => lost.abort(new Error("the lease ran out")), leaseMs);
  const loop = startLoop({
    name: "lease",
    pauseMs: leaseMs / 3,
    log,
    round: async () => {
      try {
        if (await tasks.renew(lease, leaseMs)) end.refresh();
        else lost.abort(new Error("the lease was lost"));
      } catch (error) {
        log.warn({ task: lease.taskId, err: error }, "lease not renewed");
      }
    },
  });
  return {
    signal: lost.signal,
    async [Symbol.asyncDispose]() {
      await loop[Symbol.asyncDispose]();
      clearTimeout(end);
    },
  };
}
