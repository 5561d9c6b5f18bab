/** Counts how often the same thing came out. */
export interface Repetition {
  /** How often it came out now, this time included. */
  seen(name: string, input: string, result: string): number;
  /** A call has changed files: what came out before says nothing about what comes next. */
  changed(name: string, input: string): void;
}

const LONGEST_CIRCLE = 8;
const MOST_KEPT = LONGEST_CIRCLE * 8;

/** A count of its own for one agent. Changes that are made, undone and made again are one thing that comes out again. */
export function createRepetition(): Repetition {
  let counts = new Map<string, number>();
  const changes: string[] = [];
  let rounds = 1;
  return {
    seen(name, input, result) {
      const key = JSON.stringify([name, input, result]);
      const count = (counts.get(key) ?? 0) + 1;
      counts.set(key, count);
      return Math.max(count, changes.at(-1) === keyOf(name, input) ? rounds : 1);
    },
    changed(name, input) {
      counts = new Map();
      changes.push(keyOf(name, input));
      if (changes.length > MOST_KEPT) changes.shift();
      rounds = roundsOf(changes);
    },
  };
}

function keyOf(name: string, input: string): string {
  return JSON.stringify([name, input]);
}

/** How often in a row the newest changes are the same ones in the same order. */
function roundsOf(changes: readonly string[]): number {
  let most = 1;
  for (let length = 1; length <= LONGEST_CIRCLE; length += 1) {
    let same = 0;
    while (isSame(changes, same, length)) same += 1;
    most = Math.max(most, 1 + Math.floor(same / length));
  }
  return most;
}

function isSame(changes: readonly string[], back: number, length: number): boolean {
  const [now, before] = [changes.at(-1 - back), changes.at(-1 - back - length)];
  return now !== undefined && now === before;
}
