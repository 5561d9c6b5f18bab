const token = /[\p{L}\p{N}_$]+|[^\s\p{L}\p{N}_$]/gu;

/** Longer texts are compared by their beginnings. In UTF-16 units. */
const enough = 6000;

/** The words and signs of a text, counted. */
export function countTokens(text: string): ReadonlyMap<string, number> {
  const counts = new Map<string, number>();
  for (const [word] of text.slice(0, enough).matchAll(token)) {
    counts.set(word, (counts.get(word) ?? 0) + 1);
  }
  return counts;
}

/** Only the words: brackets and signs are alike in everything of one kind. */
export function wordsOnly(counts: ReadonlyMap<string, number>): ReadonlyMap<string, number> {
  return new Map([...counts].filter(([one]) => /^[\p{L}\p{N}_$]/u.test(one)));
}

function size(counts: ReadonlyMap<string, number>): number {
  let sum = 0;
  for (const count of counts.values()) sum += count;
  return sum;
}

/** How much two texts have in common, from 0 to 1, by their words and signs in any order. */
export function likeness(
  left: ReadonlyMap<string, number>,
  right: ReadonlyMap<string, number>,
): number {
  let common = 0;
  for (const [word, count] of left) common += Math.min(count, right.get(word) ?? 0);
  const total = size(left) + size(right);
  return total === 0 ? 0 : (2 * common) / total;
}
