import type { TaskEvent } from "../../../src/core/event.ts";

/** How long the work items of one task were worked on, by what was told of them. */
export interface ItemClock {
  tell(event: TaskEvent): void;
  /** From the start of each item to its end, added up. */
  seconds(): number;
}

/** A clock for one task. */
export function createItemClock(): ItemClock {
  const begun = new Map<string, number>();
  let sum = 0;
  return {
    tell(event) {
      if (event.kind === "item-started") begun.set(event.item, performance.now());
      if (event.kind === "item-finished")
        sum += performance.now() - (begun.get(event.item) ?? Number.NaN);
    },
    seconds: () => sum / 1_000,
  };
}
