import { createHearer, createShouter } from "../pub-sub.ts";

/**
 * Rings where there is something new in a task's record. What is new is read there: a ring that Redis loses costs
 * time, never an event.
 */
export interface EventBell extends AsyncDisposable {
  /** Never waits and never throws. */
  ring(taskId: string): void;
  /** Calls the handler at each ring of other processes and of this one. Disposing ends it. */
  hear(taskId: string, onRing: () => void): Disposable;
}

/** A bell over Redis; it connects when it is used, to ring and to hear apart. */
export function createEventBell(url: string): EventBell {
  let shouter: ReturnType<typeof createShouter> | undefined;
  let hearer: ReturnType<typeof createHearer> | undefined;
  return {
    ring(taskId) {
      shouter ??= createShouter(url);
      shouter.shout(channelOf(taskId), "");
    },
    hear(taskId, onRing) {
      hearer ??= createHearer(url);
      const hearing = hearer.hear(channelOf(taskId), onRing);
      // What came before it was heard is looked for.
      hearing.isHeard.then(onRing, () => undefined);
      return hearing;
    },
    async [Symbol.asyncDispose]() {
      await shouter?.[Symbol.asyncDispose]();
      await hearer?.[Symbol.asyncDispose]();
    },
  };
}

/** Where there is no Redis: whoever follows looks from time to time. */
export const silentBell: EventBell = {
  ring: () => undefined,
  hear: () => ({ [Symbol.dispose]: () => undefined }),
  [Symbol.asyncDispose]: async () => undefined,
};

function channelOf(taskId: string): string {
  return `nexus:events:${taskId}`;
}
