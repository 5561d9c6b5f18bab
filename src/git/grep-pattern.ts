const MAX_LENGTH = 1000;

// Each repetition is written out when the expression is compiled: nested ones take all memory there is.
const MAX_WRITTEN_OUT = 20_000;

/** Why a pattern is not handed to git, or undefined for a good one. */
export function patternProblem(pattern: string, isRegex: boolean): string | undefined {
  if (pattern === "") return "the pattern is empty";
  if (pattern.length > MAX_LENGTH) return `the pattern is longer than ${MAX_LENGTH} characters`;
  // git would take every line for a pattern of its own.
  if (/[\n\r\0]/.test(pattern)) return "the pattern holds a line break or a NUL character";
  if (!pattern.isWellFormed()) return "the pattern holds half a character";
  if (!isRegex) return undefined;
  if (pattern.length * repeats(pattern) > MAX_WRITTEN_OUT) return "it repeats its parts too often";
  // Looking for what stood before has no bound in time.
  return /\\[1-9]/.test(pattern) ? "it refers back to a part of itself" : undefined;
}

/** How often the counted repetitions together may write out one part. */
function repeats(pattern: string): number {
  const counts = [...pattern.matchAll(/\{(?<from>\d*),?(?<to>\d*)\}/g)];
  return counts
    .map(({ groups }) => Math.max(1, Number(groups?.from || 0), Number(groups?.to || 0)))
    .reduce((all, one) => all * one, 1);
}
