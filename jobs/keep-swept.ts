import type { Logger } from "pino";
import { startLoop } from "./loop.ts";

interface Sweeping {
  readonly log: Logger;
  readonly pauseMs: number;
  sweep(): Promise<void>;
}

/**
 * Sweeps, and from then on every `pauseMs`, until disposed. Comes back after the first time, also when that
 * failed: what is left over is no reason not to work, and a later round takes it.
 */
export async function keepSwept({ log, pauseMs, sweep }: Sweeping): Promise<AsyncDisposable> {
  const { promise: swept, resolve } = Promise.withResolvers<void>();
  const loop = startLoop({ name: "sweep", pauseMs, log, round: () => sweep().finally(resolve) });
  await swept;
  return loop;
}
