import { NexusError } from "../../src/core/errors.ts";
import type { EventRecord, KeptEvent, TaskEvent } from "../../src/core/event.ts";
import { pause } from "../loop.ts";
import type { EventBell } from "./event-bell.ts";

/** What happens to tasks, from whoever does it to whoever shows it, in this process or another. */
export interface EventBus {
  /** Committed when it resolves; the same key again is the same event. Redis is neither waited for nor needed. */
  publish(taskId: string, event: TaskEvent, key: string): Promise<void>;
  /** Tells followers to look: something was committed by somebody else. */
  announce(taskId: string): void;
  /** The first events after this place, oldest first. */
  events(taskId: string, afterSeq: number, limit?: number): Promise<readonly KeptEvent[]>;
  /**
   * Every event after this place, in order, each once, those to come among them, until the signal fires. Whoever is
   * slow holds up nobody. Goes on over outages of Redis and of the record; throws where the record refuses us.
   */
  follow(taskId: string, afterSeq: number, signal: AbortSignal): AsyncIterable<KeptEvent>;
}

interface Parts {
  readonly record: EventRecord;
  readonly bell: EventBell;
  /** After which the record is looked into also where nothing rang. */
  readonly pollMs?: number;
}

const PAGE = 200;
const POLL_MS = 2_000;

/** The record in Postgres says what happened, a bell in Redis that something did. */
export function createEventBus(parts: Parts): EventBus {
  const { record, bell } = parts;
  return {
    async publish(taskId, event, key) {
      await record.append(taskId, event, key);
      bell.ring(taskId);
    },
    announce: (taskId) => bell.ring(taskId),
    events: (taskId, afterSeq, limit = PAGE) => record.after(taskId, afterSeq, limit),
    follow: (taskId, afterSeq, signal) => followed(parts, { taskId, afterSeq }, signal),
  };
}

async function* followed(
  { record, bell, pollMs = POLL_MS }: Parts,
  { taskId, afterSeq }: { readonly taskId: string; readonly afterSeq: number },
  signal: AbortSignal,
): AsyncGenerator<KeptEvent> {
  let place = afterSeq;
  let news = Promise.withResolvers<void>();
  using _hearing = bell.hear(taskId, () => news.resolve());
  while (!signal.aborted) {
    // Before the look: what comes during it rings for the next one.
    news = Promise.withResolvers<void>();
    const page = await pageAfter(record, taskId, place);
    for (const event of page) {
      if (signal.aborted) return;
      yield event;
      place = event.seq;
    }
    if (page.length < PAGE) await pause(pollMs, news.promise, signal);
  }
}

/** Nothing where the record does not answer now: it is asked again after the next pause. */
async function pageAfter(record: EventRecord, taskId: string, place: number) {
  try {
    return await record.after(taskId, place, PAGE);
  } catch (error) {
    if (error instanceof NexusError && error.retryable) return [];
    throw error;
  }
}
