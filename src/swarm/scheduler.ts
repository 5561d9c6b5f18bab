import { ancestors, chainLengths, type Dependent, findCycle } from "./dependency-graph.ts";
import { throwIfStopped } from "./stopped.ts";

export interface Schedule<Item extends Dependent, Result> {
  readonly items: readonly Item[];
  /** How many may run at once. */
  readonly limit: number;
  /** Gets the results of everything that this item depends on, directly or through others. The signal is its own business to obey. */
  run(item: Item, dependencies: ReadonlyMap<string, Result>): Promise<Result>;
  /** A result after which nothing new is started. It is kept like any other. */
  readonly isFailure?: (result: Result) => boolean;
  readonly signal: AbortSignal;
}

export interface Ran<Result> {
  /** By id, in order of completion; also of items that ran on while another failed. */
  readonly results: ReadonlyMap<string, Result>;
  /** What items threw, in order of completion. */
  readonly failures: readonly { readonly id: string; readonly error: unknown }[];
  /** Ids of the items that were never started because of a failure. */
  readonly notStarted: readonly string[];
}

/**
 * Runs every item the moment its dependencies are done, longest remaining chain first, at most `limit` at once.
 * After a failure nothing new starts and what runs is waited for. Throws `aborted` after the signal, once
 * nothing runs any more.
 */
export async function runItems<Item extends Dependent, Result>(
  schedule: Schedule<Item, Result>,
): Promise<Ran<Result>> {
  const waiting = inOrderOfUrgency(schedule);
  const running = new Map<string, Promise<void>>();
  const results = new Map<string, Result>();
  const failures: { id: string; error: unknown }[] = [];
  const needed = ancestors(schedule.items);
  let failed = false;

  const start = (item: Item) => {
    const dependencies = new Map([...results].filter(([id]) => needed.get(item.id)?.has(id)));
    const run = async () => {
      try {
        const result = await schedule.run(item, dependencies);
        results.set(item.id, result);
        failed ||= schedule.isFailure?.(result) ?? false;
      } catch (error) {
        failures.push({ id: item.id, error });
        failed = true;
      } finally {
        running.delete(item.id);
      }
    };
    // Listed before it begins: it may end in the same breath.
    const begun = Promise.resolve().then(run);
    running.set(item.id, begun);
  };
  const startReady = () => {
    while (!failed && !schedule.signal.aborted && running.size < schedule.limit) {
      const next = waiting.findIndex((item) => item.dependsOn.every((id) => results.has(id)));
      const [item] = next === -1 ? [] : waiting.splice(next, 1);
      if (!item) return;
      start(item);
    }
  };

  startReady();
  while (running.size > 0) {
    await Promise.race(running.values());
    startReady();
  }
  throwIfStopped(schedule.signal);
  return { results, failures, notStarted: waiting.map((item) => item.id) };
}

/** The items with each after all that it depends on, otherwise in their own order. Unknown ids are passed over. */
export function inOrder<Item extends Dependent>(items: readonly Item[]): readonly Item[] {
  const ids = new Set(items.map((item) => item.id));
  const ordered: Item[] = [];
  let rest = [...items];
  const isReady = (item: Item) =>
    item.dependsOn.every((id) => !ids.has(id) || ordered.some((before) => before.id === id));
  for (let next = rest.find(isReady); next; next = rest.find(isReady)) {
    const taken = next;
    ordered.push(taken);
    rest = rest.filter((item) => item !== taken);
  }
  return [...ordered, ...rest];
}

/** Throws where the items could never all run; a plan that was checked never gets here. */
function inOrderOfUrgency<Item extends Dependent, Result>({
  items,
  limit,
}: Schedule<Item, Result>): Item[] {
  if (!(limit >= 1)) throw new RangeError("At least one item must be allowed to run.");
  const ids = new Set(items.map((item) => item.id));
  if (ids.size < items.length) throw new Error("Two items share an id.");
  const unknown = items.flatMap((item) => item.dependsOn).find((id) => !ids.has(id));
  if (unknown !== undefined) throw new Error(`No item has the id "${unknown}".`);
  const cycle = findCycle(items);
  if (cycle) throw new Error(`The items wait for each other: ${cycle.join(" → ")}.`);
  const lengths = chainLengths(items);
  return items.toSorted((a, b) => (lengths.get(b.id) ?? 0) - (lengths.get(a.id) ?? 0));
}
