/** Wakes whoever waits for the next ring; a ring that nobody waits for is not kept. */
export interface Bell {
  readonly ring: () => void;
  readonly next: () => Promise<void>;
}

/** A bell with nobody waiting. */
export function createBell(): Bell {
  let waiting = Promise.withResolvers<void>();
  return {
    ring() {
      waiting.resolve();
      waiting = Promise.withResolvers<void>();
    },
    next: () => waiting.promise,
  };
}
