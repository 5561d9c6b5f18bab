import { Redis } from "ioredis";
import { failFast, redisAddress } from "./redis.ts";

/** Says something to whoever listens at this moment. Nothing of it is kept. */
export interface Shouter extends AsyncDisposable {
  /** Never waits and never throws: a Redis that is gone or slow costs only listeners something. */
  shout(channel: string, text: string): void;
}

/** Hears what is shouted in other processes. */
export interface Hearer extends AsyncDisposable {
  /** From when `isHeard` resolves; while no Redis answers, that is later. Disposing ends it. */
  hear(channel: string, onText: (text: string) => void): Hearing;
}

interface Hearing extends Disposable {
  readonly isHeard: Promise<void>;
}

/** Messages that Redis has not confirmed, and for how long one connection may leave them so. */
const MOST_WAITING = 64;
const DEAF_MS = 5_000;

/** Shouts over a connection of its own. */
export function createShouter(url: string): Shouter {
  const redis = new Redis({ ...failFast(url), socketTimeout: DEAF_MS });
  // It connects again by itself, and whoever needs to know of the outage has a connection of its own.
  redis.on("error", () => undefined);
  const waiting = new Set<Promise<unknown>>();
  return {
    shout(channel, text) {
      if (waiting.size >= MOST_WAITING) return;
      const sent = redis.publish(channel, text).catch(() => undefined);
      waiting.add(sent);
      void sent.finally(() => waiting.delete(sent));
    },
    async [Symbol.asyncDispose]() {
      await Promise.all(waiting);
      redis.disconnect();
    },
  };
}

/** Listens over a connection of its own, which finds its way back after an outage. */
export function createHearer(url: string): Hearer {
  const redis = new Redis({ ...redisAddress(url), maxRetriesPerRequest: null, lazyConnect: true });
  redis.on("error", () => undefined);
  const handlers = new Map<string, Set<(text: string) => void>>();
  redis.on("message", (channel: string, text: string) => {
    for (const handler of handlers.get(channel) ?? []) handler(text);
  });

  function leave(channel: string, handler: (text: string) => void): void {
    const all = handlers.get(channel);
    all?.delete(handler);
    if (all?.size !== 0) return;
    handlers.delete(channel);
    // Not waited for: Redis may be gone, and nobody hears what still comes.
    redis.unsubscribe(channel).catch(() => undefined);
  }

  return {
    hear(channel, onText) {
      // A handler of its own for each call, also for the same function.
      const handler = (text: string) => onText(text);
      const all = handlers.get(channel) ?? new Set();
      handlers.set(channel, all.add(handler));
      const isHeard = redis.subscribe(channel).then(() => undefined);
      // Whoever does not wait for it is not told that it came to nothing.
      isHeard.catch(() => undefined);
      return { isHeard, [Symbol.dispose]: () => leave(channel, handler) };
    },
    async [Symbol.asyncDispose]() {
      handlers.clear();
      redis.disconnect();
    },
  };
}
