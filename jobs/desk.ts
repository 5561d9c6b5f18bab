import type { Account } from "../src/core/account.ts";
import type { EffectResult } from "../src/core/effect.ts";
import { NexusError } from "../src/core/errors.ts";
import type { TaskEvent } from "../src/core/event.ts";
import { NO_PROGRESS, progressAfter } from "../src/core/progress.ts";
import type { Effects, Lease } from "../src/core/record.ts";
import type { Redact } from "../src/core/redact.ts";
import type { Task } from "../src/core/task.ts";
import { effect, trackingEffect } from "../src/pipeline/task-effects.ts";
import type { TaskState } from "../src/pipeline/task-state.ts";
import { isQuiet, trackingOf } from "../src/pipeline/tracking.ts";
import type { Desk } from "../src/pipeline/workbench.ts";
import { type Clock, seldom } from "./events/seldom.ts";
import { gateEffect } from "./gate.ts";
import { pause } from "./loop.ts";

interface DeskOptions {
  readonly task: Task;
  readonly lease: Lease;
  readonly effects: Effects;
  readonly account: Pick<Account, "cost">;
  readonly redact: Redact;
  /** Resolves when some effect changed, or never. */
  readonly nextChange: () => Promise<void>;
  readonly clock?: Clock;
}

/** The desk of a task that is being worked on: it also shows how the work goes on, now and then. */
interface LiveDesk extends Desk, AsyncDisposable {
  /** Takes in what happened; the tracking comment follows when it may. */
  tell(event: TaskEvent): void;
}

const LOOK_AGAIN_MS = 1_000;

/** The task's way out: writes wishes into the store and waits for what the publisher read back. */
export function createDesk(options: DeskOptions): LiveDesk {
  const { task, lease, effects, account, redact, nextChange } = options;
  let last: { readonly state: TaskState; readonly now: string } | undefined;
  let progress = NO_PROGRESS;
  let writing: Promise<void> = Promise.resolve();

  // One after the other: what was known earlier never replaces what is known now.
  const write = (): Promise<void> => {
    writing = writing.catch(() => undefined).then(writeNow);
    return writing;
  };
  async function writeNow(): Promise<void> {
    if (!last) return;
    const { state, now } = last;
    const shown = trackingOf(task, state, { now, progress, cost: await account.cost() });
    await effects.want(lease, gateEffect(trackingEffect(task, shown), redact));
  }
  // What a stage writes fails the stage; that the comment is late does not.
  const refresh = seldom({ run: () => write().catch(() => undefined), clock: options.clock });

  return {
    async track(state: TaskState, now: string) {
      if (isQuiet(task)) return;
      last = { state, now };
      refresh.wasDone();
      await write();
    },
    tell(event) {
      const before = progress;
      progress = progressAfter(before, event);
      if (progress !== before && last) refresh.ask();
    },
    async carryOut(name, wish, { signal, bundle }) {
      const wanted = gateEffect(effect(task, name, wish), redact);
      await effects.want(lease, wanted, bundle);
      return settled(wanted.id, { effects, signal, nextChange });
    },
    async [Symbol.asyncDispose]() {
      refresh[Symbol.dispose]();
      await writing.catch(() => undefined);
    },
  };
}

async function settled(
  id: string,
  at: { effects: Effects; signal: AbortSignal; nextChange: () => Promise<void> },
): Promise<EffectResult> {
  for (;;) {
    at.signal.throwIfAborted();
    const changed = at.nextChange();
    const status = await at.effects.status(id);
    if (status?.state === "done") return status.result;
    if (status?.state === "failed") throw new NexusError("github.refused", status.reason);
    await pause(LOOK_AGAIN_MS, changed, at.signal);
  }
}
