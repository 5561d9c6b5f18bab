import { Redis } from "ioredis";
import type { Redact } from "../src/core/redact.ts";
import { type LiveText, liveText } from "./live-text.ts";
import { failFast, redisAddress } from "./redis.ts";

/** Says what commands of tasks write, as they write it, to whoever listens. Nothing of it is kept. */
export interface LivePublisher extends AsyncDisposable {
  /** Never waits and never throws: a Redis that is gone or slow costs only listeners something. */
  publish(taskId: string, text: string): void;
}

/** Hears what commands of tasks write in other processes. */
export interface LiveListener extends AsyncDisposable {
  /** Resolves when it is heard from now on; while no Redis answers, that is later. Disposing ends it. */
  subscribe(taskId: string, onText: (text: string) => void): Promise<AsyncDisposable>;
}

interface PublisherOptions {
  readonly url: string;
  readonly redact: Redact;
  /** Of one task. What is more is left out, with a note. */
  readonly bytesPerSecond?: number;
}

const BYTES_PER_SECOND = 65_536;
/** Messages that Redis has not confirmed, and for how long one connection may leave them so. */
const MOST_WAITING = 64;
const DEAF_MS = 5_000;

/** Publishes over a connection of its own. Text is redacted in whole lines before it leaves the process. */
export function createLivePublisher(options: PublisherOptions): LivePublisher {
  const redis = new Redis({ ...failFast(options.url), socketTimeout: DEAF_MS });
  // It connects again by itself, and whoever needs to know of the outage has a connection of its own.
  redis.on("error", () => undefined);
  const tasks = new Map<string, LiveText>();
  const waiting = new Set<Promise<unknown>>();

  function send(taskId: string, text: string): void {
    if (waiting.size >= MOST_WAITING) return;
    const sent = redis.publish(channelOf(taskId), text).catch(() => undefined);
    waiting.add(sent);
    void sent.finally(() => waiting.delete(sent));
  }

  function textOf(taskId: string): LiveText {
    const known = tasks.get(taskId);
    if (known) return known;
    const fresh = liveText({
      redact: options.redact,
      bytesPerSecond: options.bytesPerSecond ?? BYTES_PER_SECOND,
      onText: (text) => send(taskId, text),
      onIdle: () => void tasks.delete(taskId),
    });
    tasks.set(taskId, fresh);
    return fresh;
  }

  return {
    publish: (taskId, text) => textOf(taskId).take(text),
    async [Symbol.asyncDispose]() {
      for (const text of tasks.values()) text.flush();
      tasks.clear();
      await Promise.all(waiting);
      redis.disconnect();
    },
  };
}

/** Listens over a connection of its own, which finds its way back after an outage. */
export function createLiveListener(url: string): LiveListener {
  const redis = new Redis({ ...redisAddress(url), maxRetriesPerRequest: null, lazyConnect: true });
  redis.on("error", () => undefined);
  const handlers = new Map<string, Set<(text: string) => void>>();
  redis.on("message", (channel: string, text: string) => {
    for (const handler of handlers.get(channel) ?? []) handler(text);
  });

  async function leave(channel: string, handler: (text: string) => void): Promise<void> {
    const all = handlers.get(channel);
    all?.delete(handler);
    if (all?.size !== 0) return;
    handlers.delete(channel);
    // Not waited for: Redis may be gone, and nobody hears what still comes.
    redis.unsubscribe(channel).catch(() => undefined);
  }

  return {
    async subscribe(taskId, onText) {
      const channel = channelOf(taskId);
      // A handler of its own for each call, also for the same function.
      const handler = (text: string) => onText(text);
      const all = handlers.get(channel) ?? new Set();
      handlers.set(channel, all.add(handler));
      await redis.subscribe(channel);
      return { [Symbol.asyncDispose]: () => leave(channel, handler) };
    },
    async [Symbol.asyncDispose]() {
      handlers.clear();
      redis.disconnect();
    },
  };
}

function channelOf(taskId: string): string {
  return `nexus:live:${taskId}`;
}
