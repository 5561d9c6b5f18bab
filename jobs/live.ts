import type { Redact } from "../src/core/redact.ts";
import { type LiveText, liveText } from "./live-text.ts";
import { createHearer, createShouter } from "./pub-sub.ts";

/** Says what commands of tasks write, as they write it, to whoever listens. Nothing of it is kept. */
export interface LivePublisher extends AsyncDisposable {
  /** Never waits and never throws: a Redis that is gone or slow costs only listeners something. */
  publish(taskId: string, text: string): void;
}

/** Hears what commands of tasks write in other processes. */
export interface LiveListener extends AsyncDisposable {
  /** Resolves when it is heard from now on; while no Redis answers, that is later. Disposing ends it. */
  subscribe(taskId: string, onText: (text: string) => void): Promise<Disposable>;
}

interface PublisherOptions {
  readonly url: string;
  readonly redact: Redact;
  /** Of one task. What is more is left out, with a note. */
  readonly bytesPerSecond?: number;
}

const BYTES_PER_SECOND = 65_536;

/** Publishes over a connection of its own. Text is redacted in whole lines before it leaves the process. */
export function createLivePublisher(options: PublisherOptions): LivePublisher {
  const shouter = createShouter(options.url);
  const tasks = new Map<string, LiveText>();

  function textOf(taskId: string): LiveText {
    const known = tasks.get(taskId);
    if (known) return known;
    const fresh = liveText({
      redact: options.redact,
      bytesPerSecond: options.bytesPerSecond ?? BYTES_PER_SECOND,
      onText: (text) => shouter.shout(channelOf(taskId), text),
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
      await shouter[Symbol.asyncDispose]();
    },
  };
}

/** Listens over a connection of its own, which finds its way back after an outage. */
export function createLiveListener(url: string): LiveListener {
  const hearer = createHearer(url);
  return {
    async subscribe(taskId, onText) {
      const hearing = hearer.hear(channelOf(taskId), onText);
      await hearing.isHeard;
      return hearing;
    },
    [Symbol.asyncDispose]: () => hearer[Symbol.asyncDispose](),
  };
}

function channelOf(taskId: string): string {
  return `nexus:live:${taskId}`;
}
