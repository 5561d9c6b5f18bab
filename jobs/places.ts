import { availableParallelism, totalmem } from "node:os";

/** What decides how many agents can work on one machine. */
export interface Machine {
  readonly cores: number;
  readonly memoryMb: number;
}

/** The machine that this process runs on. */
export function thisMachine(): Machine {
  return { cores: availableParallelism(), memoryMb: totalmem() / 1024 ** 2 };
}

/**
 * How many agents a machine has room for where nobody says it: two for each core, as they mostly wait for a model,
 * but only as many as sandboxes fit into three quarters of the memory, and one in any case.
 */
export function placesOn({ cores, memoryMb }: Machine, sandboxMb: number): number {
  return Math.max(1, Math.min(cores * 2, Math.floor((memoryMb * 0.75) / sandboxMb)));
}
