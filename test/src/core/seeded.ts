/** Random values that are the same on every run. */
export interface Seeded {
  /** 0 … below, without `below`. */
  int(below: number): number;
  pick<Value>(values: readonly Value[]): Value;
  /** `length` pieces of the alphabet. */
  text(alphabet: readonly string[], length: number): string;
}

/** A small generator (mulberry32): a failing property shows the same values again. */
export function seeded(seed: number): Seeded {
  let state = seed;
  const next = () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296;
  };
  const int = (below: number) => Math.floor(next() * below);
  const pick = <Value>(values: readonly Value[]): Value => {
    const value = values[int(values.length)];
    if (value === undefined) throw new Error("Nothing to pick from.");
    return value;
  };
  return {
    int,
    pick,
    text: (alphabet, length) => Array.from({ length }, () => pick(alphabet)).join(""),
  };
}
