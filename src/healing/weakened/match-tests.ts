import type { TestCase } from "./read-tests.ts";

/** Tests of both sides that are the same test, and those that have no partner. */
export interface Matched {
  readonly pairs: readonly (readonly [base: TestCase, head: TestCase])[];
  readonly gone: readonly TestCase[];
  readonly added: readonly TestCase[];
}

type SameBy = (test: TestCase) => string | undefined;

const SHORTEST_BODY = 20;

/** From the surest sign to the weakest: moved and renamed tests are the same. */
const SIGNS: readonly SameBy[] = [
  ({ path, fullName }) => JSON.stringify([path, fullName]),
  ({ fullName }) => fullName,
  ({ path, name }) => JSON.stringify([path, name]),
  ({ body }) => (body.length >= SHORTEST_BODY ? body : undefined),
  ({ name }) => name,
];

/** Finds for each test of the base what became of it. */
export function matchTests(base: readonly TestCase[], head: readonly TestCase[]): Matched {
  const pairs: (readonly [TestCase, TestCase])[] = [];
  let gone = base;
  let added = head;
  for (const sign of SIGNS) {
    const step = pairBy(sign, gone, added);
    pairs.push(...step.pairs);
    ({ gone, added } = step);
  }
  const alike = pairAlike(gone, added);
  return { pairs: [...pairs, ...alike.pairs], gone: alike.gone, added: alike.added };
}

function pairBy(sign: SameBy, base: readonly TestCase[], head: readonly TestCase[]): Matched {
  const waiting = new Map<string, TestCase[]>();
  for (const test of head) {
    const key = sign(test);
    if (key !== undefined) waiting.set(key, [...(waiting.get(key) ?? []), test]);
  }
  const pairs: (readonly [TestCase, TestCase])[] = [];
  const gone: TestCase[] = [];
  for (const test of base) {
    const partner = waiting.get(sign(test) ?? "")?.shift();
    if (partner) pairs.push([test, partner]);
    else gone.push(test);
  }
  const taken = new Set(pairs.map(([, partner]) => partner));
  return { pairs, gone, added: head.filter((test) => !taken.has(test)) };
}

const ALIKE = 0.6;
/** Comparing each with each is for the few that are left. */
const MOST = 200;

/** Renamed and changed at once, within one file. */
function pairAlike(base: readonly TestCase[], head: readonly TestCase[]): Matched {
  if (base.length > MOST || head.length > MOST) return { pairs: [], gone: base, added: head };
  const pairs: (readonly [TestCase, TestCase])[] = [];
  const free = new Set(head);
  const gone = base.filter((test) => {
    const [best] = [...free]
      .filter((other) => other.path === test.path)
      .map((other) => ({ other, likeness: likeness(test.body, other.body) }))
      .filter((one) => one.likeness >= ALIKE)
      .toSorted((a, b) => b.likeness - a.likeness);
    if (!best) return true;
    free.delete(best.other);
    pairs.push([test, best.other]);
    return false;
  });
  return { pairs, gone, added: [...free] };
}

/** The share of words that two texts have in common, each as often as it stands there. */
function likeness(one: string, other: string): number {
  const counts = new Map<string, number>();
  const words = one.match(/[\w$]+/g) ?? [];
  const others = other.match(/[\w$]+/g) ?? [];
  for (const word of words) counts.set(word, (counts.get(word) ?? 0) + 1);
  let same = 0;
  for (const word of others) {
    const left = counts.get(word) ?? 0;
    if (left > 0) same += 1;
    counts.set(word, left - 1);
  }
  const all = words.length + others.length;
  return all === 0 ? 0 : (2 * same) / all;
}
