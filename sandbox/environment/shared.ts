import { NexusError } from "../../src/core/errors.ts";

interface Work<T> {
  readonly result: Promise<T>;
  readonly stop: AbortController;
  waiting: number;
}

/** Does work once for all who want it at the same time. It is stopped when the last of them is cancelled, who waits for its end. */
export function createShared<T>() {
  const running = new Map<string, Work<T>>();

  function begin(name: string, work: (signal: AbortSignal) => Promise<T>): Work<T> {
    const stop = new AbortController();
    const result = work(stop.signal).finally(() => {
      if (running.get(name) === begun) running.delete(name);
    });
    // Heard by those who wait; nobody may be left.
    result.catch(() => undefined);
    const begun: Work<T> = { result, stop, waiting: 0 };
    running.set(name, begun);
    return begun;
  }

  return async (
    name: string,
    signal: AbortSignal,
    work: (signal: AbortSignal) => Promise<T>,
  ): Promise<T> => {
    if (signal.aborted) throw cancelled();
    const known = running.get(name);
    // Who comes while it is being stopped waits for its end and begins anew.
    if (known?.stop.signal.aborted) await known.result.catch(() => undefined);
    const current = running.get(name) ?? begin(name, work);
    current.waiting += 1;
    const { promise: left, reject } = Promise.withResolvers<never>();
    const leave = () => reject(cancelled());
    signal.addEventListener("abort", leave, { once: true });
    try {
      return await Promise.race([current.result, left]);
    } finally {
      signal.removeEventListener("abort", leave);
      current.waiting -= 1;
      if (current.waiting === 0) {
        current.stop.abort();
        // Who leaves last sees it out: afterwards nothing of it is left.
        await current.result.catch(() => undefined);
      }
    }
  };
}

function cancelled(): NexusError {
  return new NexusError("aborted", "The set-up was cancelled.");
}
