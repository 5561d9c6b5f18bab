import type { Logger } from "pino";

interface Loop extends AsyncDisposable {
  /** Runs the next round now instead of at the end of the pause. */
  readonly wake: () => void;
}

/**
 * Runs `round` again and again, `pauseMs` apart, until disposed; a round that throws is logged and
 * the next ones come at growing distance, so an outage costs no storm.
 */
export function startLoop(options: {
  name: string;
  pauseMs: number;
  log: Logger;
  round: (signal: AbortSignal) => Promise<void>;
}): Loop {
  const stop = new AbortController();
  let woken = Promise.withResolvers<void>();
  let failures = 0;

  const once = async () => {
    woken = Promise.withResolvers<void>();
    try {
      await options.round(stop.signal);
      failures = 0;
    } catch (error) {
      if (stop.signal.aborted) return;
      failures += 1;
      options.log.warn({ loop: options.name, failures, err: error }, "round failed");
    }
    await pause(options.pauseMs * 2 ** Math.min(failures, 5), woken.promise, stop.signal);
  };
  const running = (async () => {
    while (!stop.signal.aborted) await once();
  })();

  return {
    wake: () => woken.resolve(),
    async [Symbol.asyncDispose]() {
      stop.abort();
      await running;
    },
  };
}

/** Ends after `ms`, when woken, or when stopped; whichever is first. */
export async function pause(ms: number, woken: Promise<void>, signal: AbortSignal): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>();
  const timer = setTimeout(resolve, ms);
  const stop = () => resolve();
  signal.addEventListener("abort", stop, { once: true });
  if (signal.aborted) resolve();
  try {
    await Promise.race([promise, woken]);
  } finally {
    clearTimeout(timer);
    // One signal outlives many pauses.
    signal.removeEventListener("abort", stop);
  }
}
