/** The same thing on all three sides. */
export interface Triple<T> {
  readonly base: T;
  readonly ours: T;
  readonly theirs: T;
}

/** The same question to all three sides. */
export function mapTriple<T, R>({ base, ours, theirs }: Triple<T>, ask: (side: T) => R): Triple<R> {
  return { base: ask(base), ours: ask(ours), theirs: ask(theirs) };
}

/** What only one side changed, or both alike; undefined where both changed it differently. */
export function pick<T>({ base, ours, theirs }: Triple<T>): { readonly value: T } | undefined {
  if (ours === theirs || theirs === base) return { value: ours };
  return ours === base ? { value: theirs } : undefined;
}

/** The three where all are there. */
export function complete<T>(triple: Triple<T | undefined>): Triple<T> | undefined {
  const { base, ours, theirs } = triple;
  if (base === undefined || ours === undefined || theirs === undefined) return undefined;
  return { base, ours, theirs };
}
