import type { WorkItem } from "../../core/plan.ts";
import { ancestors } from "../../swarm/dependency-graph.ts";

/** The first of these items, and the others of which none builds on another one: these can be corrected at once. */
export function independent<T extends { readonly item: string }>(
  blamed: readonly T[],
  items: readonly WorkItem[],
): readonly T[] {
  const before = ancestors(items);
  const buildsOn = (a: string, b: string) => before.get(a)?.has(b) ?? false;
  const taken: T[] = [];
  for (const one of blamed) {
    const isApart = taken.every(
      ({ item }) => !buildsOn(item, one.item) && !buildsOn(one.item, item),
    );
    if (isApart) taken.push(one);
  }
  return taken;
}

/** This item and everything that builds on it. */
export function withDependents(id: string, items: readonly WorkItem[]): ReadonlySet<string> {
  const before = ancestors(items);
  return new Set([
    id,
    ...items.filter((item) => before.get(item.id)?.has(id)).map((one) => one.id),
  ]);
}
