import { ancestors, chainLengths, type Dependent, findCycle } from "./dependency-graph.ts";
import { throwIfStopped } from "./stopped.ts";

export interface Schedule<Item extends Dependent, Result> {
  readonly items: readonly Item[];
  /** How many may run at once. */
  readonly limit: number;
  /** Gets the results of everything that this item depends on, directly or through others. The signal is its own business to obey. */
  run(item: Item, dependencies: ReadonlyMap<string, Result>): Promise<Result>;
  /** Whether a failure is everybody's, such as a key that nobody may use: nothing new is started then. */
  readonly stopsAll?: (error: unknown) => boolean;
  readonly signal: AbortSignal;
}

/** An item that was never started. */
interface NotStarted {
  readonly id: string;
  /** The failed item that it builds on; undefined where nothing at all was started any more. */
  readonly because: string | undefined;
}

export interface Ran<Result> {
  /** By id, in order of completion. */
  readonly results: ReadonlyMap<string, Result>;
  /** What items threw, in order of completion. */
  readonly failures: readonly { readonly id: string; readonly error: unknown }[];
  readonly notStarted: readonly NotStarted[];
}

/**
 * Runs every item the moment its dependencies are done, longest remaining chain by estimate first, at most `limit` at once.
 * What builds on a failed item is not started; the others go on. Throws `aborted` after the signal, once nothing
 * runs any more.
 */
export async function runItems<Item extends Dependent, Result>(
  schedule: Schedule<Item, Result>,
): Promise<Ran<Result>> {
  const waiting = inOrderOfUrgency(schedule);
  const running = new Map<string, Promise<void>>();
  const results = new Map<string, Result>();
  const failures: { id: string; error: unknown }[] = [];
  const needed = ancestors(schedule.items);
  let stopped = false;

  const run = async (item: Item) => {
    try {
      const before = new Map([...results].filter(([id]) => needed.get(item.id)?.has(id)));
      results.set(item.id, await schedule.run(item, before));
    } catch (error) {
      failures.push({ id: item.id, error });
      stopped ||= schedule.stopsAll?.(error) ?? false;
    } finally {
      running.delete(item.id);
    }
  };
  const startReady = () => {
    while (!stopped && !schedule.signal.aborted && running.size < schedule.limit) {
      const next = waiting.findIndex((item) => item.dependsOn.every((id) => results.has(id)));
      const [item] = next === -1 ? [] : waiting.splice(next, 1);
      if (!item) return;
      // Listed before it begins: it may end in the same breath.
      running.set(
        item.id,
        Promise.resolve().then(() => run(item)),
      );
    }
  };

  startReady();
  while (running.size > 0) {
    await Promise.race(running.values());
    startReady();
  }
  throwIfStopped(schedule.signal);
  const because = (id: string) => failures.find((failed) => needed.get(id)?.has(failed.id))?.id;
  const notStarted = waiting.map(({ id }) => ({ id, because: because(id) }));
  return { results, failures, notStarted };
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
