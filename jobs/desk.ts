import type { Account } from "../src/core/account.ts";
import type { EffectResult } from "../src/core/effect.ts";
import { NexusError } from "../src/core/errors.ts";
import type { Effects, Lease } from "../src/core/record.ts";
import type { Redact } from "../src/core/redact.ts";
import type { Task } from "../src/core/task.ts";
import { effect, trackingEffect } from "../src/pipeline/take-in.ts";
import type { TaskState } from "../src/pipeline/task-state.ts";
import { isQuiet, trackingOf } from "../src/pipeline/tracking.ts";
import type { Desk } from "../src/pipeline/workbench.ts";
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
}

const LOOK_AGAIN_MS = 1_000;

/** The task's way out: writes wishes into the store and waits for what the publisher read back. */
export function createDesk(options: DeskOptions): Desk {
  const { task, lease, effects, account, redact, nextChange } = options;
  return {
    async track(state: TaskState, now: string) {
      if (isQuiet(task)) return;
      const wish = trackingEffect(
        task,
        trackingOf(task, state, { now, cost: await account.cost() }),
      );
      await effects.want(lease, gateEffect(wish, redact));
    },
    async carryOut(name, wish, { signal, bundle }) {
      const wanted = gateEffect(effect(task, name, wish), redact);
      await effects.want(lease, wanted, bundle);
      return settled(wanted.id, { effects, signal, nextChange });
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
