import type { WorkItem } from "../../core/plan.ts";

/** Ids of everything that an item builds on, directly or through others. */
export function builtOn(id: string, items: readonly WorkItem[]): ReadonlySet<string> {
  const found = new Set<string>();
  const open = [id];
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    const before = items.find((item) => item.id === next)?.dependsOn ?? [];
    const fresh = before.filter((other) => !found.has(other));
    for (const other of fresh) found.add(other);
    open.push(...fresh);
  }
  return found;
}

/** The first of these items, and the others of which none builds on another one: these can be corrected at once. */
export function independent<T extends { readonly item: string }>(
  blamed: readonly T[],
  items: readonly WorkItem[],
): readonly T[] {
  const taken: T[] = [];
  for (const one of blamed) {
    const isApart = taken.every(
      ({ item }) => !builtOn(item, items).has(one.item) && !builtOn(one.item, items).has(item),
    );
    if (isApart) taken.push(one);
  }
  return taken;
}

/** These items and everything that builds on them. */
export function withDependents(
  ids: readonly string[],
  items: readonly WorkItem[],
): ReadonlySet<string> {
  const dependents = items.filter(({ id }) => ids.some((one) => builtOn(id, items).has(one)));
  return new Set([...ids, ...dependents.map(({ id }) => id)]);
}
