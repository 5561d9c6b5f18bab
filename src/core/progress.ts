import type { KeptEvent, TaskEvent } from "./event.ts";

/** Where one work item stands. */
export interface ItemProgress {
  readonly id: string;
  readonly state: "waiting" | "running" | "done" | "failed" | "not-started";
  /** Of the worker that is at it, or was last. */
  readonly steps: number;
}

/** What the events of a task come to. */
export interface Progress {
  /** In the plan's order; none before there is a plan. */
  readonly items: readonly ItemProgress[];
}

/** Before the first event. */
export const NO_PROGRESS: Progress = { items: [] };

/** What is known with one more event. The same events in the same order come to the same. */
export function progressAfter(progress: Progress, event: KeptEvent["event"]): Progress {
  switch (event.kind) {
    case "planned":
      return { items: event.items.map(({ id }) => ({ id, state: "waiting", steps: 0 })) };
    case "item-started":
      return changed(progress, event.item, { state: "running", steps: 0 });
    case "step":
      return changed(progress, event.agent, { steps: event.number });
    default:
      return ending(progress, event);
  }
}

const ENDINGS = {
  "item-finished": "done",
  "item-failed": "failed",
  "item-not-started": "not-started",
} as const;

function ending(progress: Progress, event: KeptEvent["event"]): Progress {
  if (!endsItem(event)) return progress;
  return changed(progress, event.item, { state: ENDINGS[event.kind] });
}

function endsItem(
  event: KeptEvent["event"],
): event is Extract<TaskEvent, { readonly kind: keyof typeof ENDINGS }> {
  return Object.hasOwn(ENDINGS, event.kind);
}

function changed(
  progress: Progress,
  id: string,
  change: Partial<Omit<ItemProgress, "id">>,
): Progress {
  // The architect and corrections have steps, too, and are no items of the plan.
  if (!progress.items.some((item) => item.id === id)) return progress;
  const items = progress.items.map((item) => (item.id === id ? { ...item, ...change } : item));
  return { items };
}
