/** Counts how often the same thing came out. */
export interface Repetition {
  /** How often it came out now, this time included. */
  seen(...what: readonly string[]): number;
  /** What came out before says nothing about what comes next: files have changed. */
  forget(): void;
}

/** A count of its own for one agent. */
export function createRepetition(): Repetition {
  const counts = new Map<string, number>();
  return {
    seen(...what) {
      const key = JSON.stringify(what);
      const count = (counts.get(key) ?? 0) + 1;
      counts.set(key, count);
      return count;
    },
    forget() {
      counts.clear();
    },
  };
}
