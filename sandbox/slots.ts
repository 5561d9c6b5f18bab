import type { Workspace } from "../src/core/sandbox.ts";
import { pauseContainer } from "./container/pause.ts";
import { ask } from "./engine/engine.ts";
import { type Opened, openContainer } from "./open-container.ts";
import type { Site } from "./site.ts";

/** Containers that were started ahead, each for one workspace and one use. */
export interface Slots {
  /** Starts one more, if there is room for it. Never fails: what goes wrong is met again by whoever opens. */
  warm(workspace: Workspace): void;
  /**
   * One that was started for exactly this workspace, waiting for it where it is still being made; undefined
   * where there is none. It runs, and is the caller's alone.
   */
  take(workspace: Workspace, signal: AbortSignal): Promise<Opened | undefined>;
  /** Takes away those of a task, or all. */
  giveUp(taskId?: string): Promise<void>;
}

/** How many may wait, and how long. */
export interface SlotLimits {
  readonly slots: number;
  readonly idleMs: number;
}

interface Slot {
  readonly key: string;
  readonly taskId: string;
  /** Undefined where it could not be made. */
  readonly made: Promise<Ready | undefined>;
  readonly wish: Wish;
  timer?: NodeJS.Timeout;
}

interface Ready {
  readonly opened: Opened;
  readonly paused: boolean;
}

/** What the maker of a slot has to know. */
interface Wish {
  readonly workspace: Workspace;
  /** Fires when nobody wants it any more. */
  readonly stopping: AbortController;
  /** Somebody waits for it: to pause it would only cost time. */
  urgent: boolean;
}

/** Keeps slots. A site says where they are opened; it is asked for anew for each. */
export function keepSlots(site: () => Promise<Site>, limits: SlotLimits): Slots {
  const waiting = new Set<Slot>();

  function wait(slot: Slot): undefined {
    waiting.add(slot);
    void slot.made.then(() => {
      if (!waiting.has(slot)) return;
      clearTimeout(slot.timer);
      slot.timer = setTimeout(() => void drop(slot).catch(() => undefined), limits.idleMs);
      slot.timer.unref();
    });
  }

  /** True for the one who has it now. */
  function claim(slot: Slot): boolean {
    clearTimeout(slot.timer);
    return waiting.delete(slot);
  }

  async function drop(slot: Slot): Promise<void> {
    if (!claim(slot)) return;
    slot.wish.stopping.abort();
    await (await slot.made)?.opened.discard();
  }

  return {
    warm(workspace) {
      if (waiting.size >= limits.slots) return;
      const wish = { workspace, stopping: new AbortController(), urgent: false };
      const made = make(site, wish).catch(() => undefined);
      const slot: Slot = { key: keyOf(workspace), taskId: workspace.taskId, made, wish };
      wait(slot);
      // Room for another one, where this one came to nothing.
      void made.then((ready) => ready ?? claim(slot));
    },
    async take(workspace, signal) {
      const key = keyOf(workspace);
      for (;;) {
        const slot = [...waiting].find((one) => one.key === key && claim(one));
        if (!slot) return undefined;
        slot.wish.urgent = true;
        const ready = await orAborted(slot.made, signal);
        // Another opener may have use for it.
        if (ready === "aborted") return wait(slot);
        if (ready && (await wake(ready))) return ready.opened;
      }
    },
    async giveUp(taskId) {
      const chosen = [...waiting].filter((slot) => taskId === undefined || slot.taskId === taskId);
      // What the engine does not let go of is the sweep's.
      await Promise.allSettled(chosen.map(drop));
    },
  };
}

async function make(site: () => Promise<Site>, wish: Wish): Promise<Ready> {
  const place = await site();
  const opened = await openContainer(place, wish.workspace, wish.stopping.signal);
  if (wish.urgent) return { opened, paused: false };
  try {
    await pauseContainer(opened.container);
    place.onStep("slot-paused");
    return { opened, paused: true };
  } catch (error) {
    await opened.discard();
    throw error;
  }
}

/** False where it has died in its sleep; then nothing of it is left. */
async function wake({ opened, paused }: Ready): Promise<boolean> {
  if (!paused) return true;
  try {
    await ask("wake a container", (abortSignal) => opened.container.unpause({ abortSignal }));
    return true;
  } catch {
    await opened.discard().catch(() => undefined);
    return false;
  }
}

async function orAborted<T>(made: Promise<T>, signal: AbortSignal): Promise<T | "aborted"> {
  if (signal.aborted) return "aborted";
  const { promise, resolve } = Promise.withResolvers<"aborted">();
  const stop = () => resolve("aborted");
  signal.addEventListener("abort", stop, { once: true });
  try {
    return await Promise.race([made, promise]);
  } finally {
    signal.removeEventListener("abort", stop);
  }
}

function keyOf({ gitDir, commit, taskId, environment = {} }: Workspace): string {
  const wish = Object.entries(environment).filter(([, value]) => value !== undefined);
  return JSON.stringify([gitDir, commit, taskId, wish.sort(([a], [b]) => (a < b ? -1 : 1))]);
}
