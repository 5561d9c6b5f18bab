/** What has an id and names the ids it waits for. */
export interface Dependent {
  readonly id: string;
  readonly dependsOn: readonly string[];
  /** How much work it is; something in between where nobody said. */
  readonly estimate?: "small" | "medium" | "large" | undefined;
}

/** What the estimates are worth against each other: a large item is more than a small one after another. */
const WEIGHTS = { small: 1, medium: 2, large: 4 };

/** One circle of ids, each depending on the next, or undefined where there is none. Unknown ids are passed over. */
export function findCycle(items: readonly Dependent[]): readonly string[] | undefined {
  const waitsFor = new Map(items.map((item) => [item.id, item.dependsOn]));
  const done = new Set<string>();
  const visit = (id: string, trail: readonly string[]): readonly string[] | undefined => {
    if (trail.includes(id)) return [...trail.slice(trail.indexOf(id)), id];
    if (done.has(id)) return undefined;
    for (const next of waitsFor.get(id) ?? []) {
      const cycle = visit(next, [...trail, id]);
      if (cycle) return cycle;
    }
    done.add(id);
    return undefined;
  };
  return items.map((item) => visit(item.id, [])).find(Boolean);
}

/** For each id everything it waits for, directly or through others. The items must have no cycle. */
export function ancestors(items: readonly Dependent[]): ReadonlyMap<string, ReadonlySet<string>> {
  const waitsFor = new Map(items.map((item) => [item.id, item.dependsOn]));
  const known = new Map<string, ReadonlySet<string>>();
  const collect = (id: string): ReadonlySet<string> => {
    const before = known.get(id);
    if (before) return before;
    const direct = waitsFor.get(id) ?? [];
    const all = new Set(direct.flatMap((next) => [next, ...collect(next)]));
    known.set(id, all);
    return all;
  };
  for (const item of items) collect(item.id);
  return known;
}

/** For each id how much work the longest chain is that starts with it, by the items' estimates. The items must have no cycle. */
export function chainLengths(items: readonly Dependent[]): ReadonlyMap<string, number> {
  const lengths = new Map<string, number>();
  const measure = ({ id, estimate = "medium" }: Dependent): number => {
    const known = lengths.get(id);
    if (known !== undefined) return known;
    const after = items.filter((item) => item.dependsOn.includes(id));
    const length = WEIGHTS[estimate] + Math.max(0, ...after.map(measure));
    lengths.set(id, length);
    return length;
  };
  for (const item of items) measure(item);
  return lengths;
}
