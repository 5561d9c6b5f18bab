import type { WorkItem } from "../core/plan.ts";
import { strayPaths } from "../swarm/safe-path.ts";

type Reach = Pick<WorkItem, "paths" | "symbols">;

/** The most that a work item can name. */
const MOST = { paths: 50, symbols: 20, names: 50 };

/** What these work items may change together, and no more: of a file of which each has only parts, these parts. */
export function reachOf(items: readonly WorkItem[]): Reach {
  const named = [...new Set(items.flatMap(partsOf).map(({ path }) => path))];
  const split = named.filter((path) => !items.some((item) => hasWhole(item, path)));
  const symbols = split.slice(0, MOST.symbols).map((path) => ({
    path,
    names: namesIn(items, path).slice(0, MOST.names),
  }));
  // A file whose parts cannot be named any more would be one's own as a whole.
  const unnamed = split.slice(MOST.symbols);
  const all = [...new Set(items.flatMap(({ paths }) => paths))];
  const paths = all.filter((glob) => strayPaths(unnamed, [glob]).length === unnamed.length);
  return { paths: paths.slice(0, MOST.paths), ...(symbols.length > 0 && { symbols }) };
}

function hasWhole(item: WorkItem, path: string): boolean {
  const isNamed = partsOf(item).some((part) => part.path === path);
  return !isNamed && strayPaths([path], item.paths).length === 0;
}

function namesIn(items: readonly WorkItem[], path: string): string[] {
  const parts = items.flatMap(partsOf).filter((part) => part.path === path);
  return [...new Set(parts.flatMap(({ names }) => names))];
}

function partsOf({ symbols = [] }: WorkItem): NonNullable<WorkItem["symbols"]> {
  return symbols;
}
