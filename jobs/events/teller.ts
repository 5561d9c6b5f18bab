import { randomUUID } from "node:crypto";
import type { Logger } from "pino";
import { NexusError } from "../../src/core/errors.ts";
import { type TaskEvent, tidied } from "../../src/core/event.ts";
import type { Redact } from "../../src/core/redact.ts";
import { pause } from "../loop.ts";
import type { EventBus } from "./event-bus.ts";

/** Passes on what happens to tasks, in its order, without holding anybody up. */
export interface Teller {
  /** Never waits and never throws: a task does not fail because it cannot be told of. */
  tell(taskId: string, event: TaskEvent): void;
  /** Resolves when everything told of a task is kept, or was waited for long enough. */
  settled(taskId: string): Promise<void>;
  /** Something of the task was committed by another part: followers are to look. */
  announce(taskId: string): void;
}

interface Parts {
  readonly bus: Pick<EventBus, "publish" | "announce">;
  readonly redact: Redact;
  readonly log: Logger;
  /** Fires when this process is to stop: what cannot be kept now is given up. */
  readonly shutdown: AbortSignal;
  readonly retryMs?: number;
  readonly patienceMs?: number;
}

interface Line {
  readonly waiting: { readonly event: TaskEvent; readonly key: string }[];
  readonly emptied: Promise<void>;
}

/** Of one task, while the record does not answer. */
const MOST_WAITING = 1_000;
const RETRY_MS = 1_000;
const PATIENCE_MS = 5_000;

/** One line for each task; the record may be gone for a while. */
export function createTeller(parts: Parts): Teller {
  const lines = new Map<string, Line>();
  const { bus, redact, log, shutdown, patienceMs = PATIENCE_MS } = parts;

  async function empty(taskId: string, waiting: Line["waiting"]): Promise<void> {
    // Whoever tells goes on first.
    await Promise.resolve();
    for (let next = waiting[0]; next; next = waiting[0]) {
      const isOver = await keep(taskId, next, parts);
      if (isOver) waiting.shift();
      else if (shutdown.aborted) waiting.length = 0;
    }
    lines.delete(taskId);
  }

  return {
    tell(taskId, event) {
      const line = lines.get(taskId);
      const tidy = tidied(event, redact);
      if (!tidy || (line?.waiting.length ?? 0) >= MOST_WAITING) {
        const why = tidy ? "too many wait" : "it makes no sense";
        log.warn({ task: taskId, kind: event.kind, why }, "event left out");
        return;
      }
      const one = { event: tidy, key: randomUUID() };
      if (line) {
        line.waiting.push(one);
        return;
      }
      const waiting = [one];
      lines.set(taskId, { waiting, emptied: empty(taskId, waiting) });
    },
    async settled(taskId) {
      const line = lines.get(taskId);
      if (line) await pause(patienceMs, line.emptied, new AbortController().signal);
    },
    announce: (taskId) => bus.announce(taskId),
  };
}

/** False where it is to be tried again. */
async function keep(taskId: string, { event, key }: Line["waiting"][number], parts: Parts) {
  const { bus, log, shutdown, retryMs = RETRY_MS } = parts;
  try {
    await bus.publish(taskId, event, key);
    return true;
  } catch (error) {
    const isPassing = error instanceof NexusError && error.retryable;
    log.warn({ task: taskId, kind: event.kind, err: error }, "event not kept");
    if (isPassing) await pause(retryMs, new Promise(() => undefined), shutdown);
    return !isPassing;
  }
}
