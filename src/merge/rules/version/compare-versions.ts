/** By whose rules versions are ordered. */
export type VersionScheme = "semver" | "python" | "maven";

/** A version as numbers in the order in which they count. */
interface Ordered {
  readonly prefix: string;
  readonly parts: readonly bigint[];
  /** Identifiers of a semver prerelease; undefined for a release. */
  readonly pre?: readonly string[] | undefined;
  /** How much of the rest comes before the release (below 0) or after it. */
  readonly rest: readonly bigint[];
}

const LONGEST = 128;
// A year: dates and counted versions are never compared.
const FIRST_YEAR = 1900n;
const SEMVER = /^(v?)(\d+(?:\.\d+){0,3})(?:-([\da-z.-]+))?(?:\+[\da-z.-]+)?$/i;
const PYTHON =
  /^(v?)(?:(\d+)!)?(\d+(?:\.\d+)*)(?:[-_.]?(alpha|beta|preview|pre|rc|a|b|c)[-_.]?(\d*))?(?:[-_.]?(?:post|rev|r)[-_.]?(\d*)|-(\d+))?(?:[-_.]?dev[-_.]?(\d*))?$/i;
const MAVEN = /^(v?)(\d+(?:\.\d+)*)(?:[-.]([a-z]+)[-.]?(\d*))?$/i;
const MAVEN_QUALIFIERS = new Map([
  ["alpha", -5n],
  ["beta", -4n],
  ["milestone", -3n],
  ["m", -3n],
  ["rc", -2n],
  ["cr", -2n],
  ["snapshot", -1n],
  ["final", 0n],
  ["ga", 0n],
  ["release", 0n],
  ["sp", 1n],
]);

/**
 * Below 0 where the first comes before the second, above where it comes after. Undefined where that cannot be said:
 * one is no version, they are counted differently (dates and numbers, two numbers and three), or they are written
 * differently and stand for the same.
 */
export function compareVersions(a: string, b: string, scheme: VersionScheme): number | undefined {
  if (a === b) return 0;
  const [left, right] = [orderedOf(a, scheme), orderedOf(b, scheme)];
  if (!left || !right || left.prefix !== right.prefix) return undefined;
  if (isDate(left) !== isDate(right)) return undefined;
  if (scheme === "semver" && left.parts.length !== right.parts.length) return undefined;
  const order =
    compareNumbers(left.parts, right.parts) ||
    comparePrereleases(left.pre, right.pre) ||
    compareNumbers(left.rest, right.rest);
  return order === 0 ? undefined : order;
}

function orderedOf(text: string, scheme: VersionScheme): Ordered | undefined {
  if (text.length > LONGEST) return undefined;
  switch (scheme) {
    case "semver":
      return semver(text);
    case "python":
      return python(text);
    case "maven":
      return maven(text);
    default:
      return scheme satisfies never;
  }
}

function semver(text: string): Ordered | undefined {
  const [, prefix = "", release, pre] = SEMVER.exec(text) ?? [];
  if (release === undefined) return undefined;
  return { prefix, parts: numbersOf(release), pre: pre?.split("."), rest: [] };
}

function python(text: string): Ordered | undefined {
  const found = PYTHON.exec(text);
  if (!found) return undefined;
  const [, prefix = "", epoch = "0", release = "", kind, preNumber, post, shortPost, dev] = found;
  const isPost = post !== undefined || shortPost !== undefined;
  const ofPost = isPost ? BigInt(post || shortPost || "0") : -1n;
  // A development version comes before all that it leads to.
  const ofDev = dev === undefined ? [1n, 0n] : [0n, BigInt(dev || "0")];
  const phase = phaseOf(kind, dev !== undefined && !isPost);
  const rest = [phase, BigInt(preNumber || "0"), ofPost, ...ofDev];
  return { prefix: `${prefix}${epoch}`, parts: numbersOf(release), rest };
}

function phaseOf(kind: string | undefined, isOnlyDev: boolean): bigint {
  if (kind === undefined) return isOnlyDev ? -1n : 3n;
  const [letter = ""] = kind.toLowerCase();
  if (letter === "a") return 0n;
  return letter === "b" ? 1n : 2n;
}

function maven(text: string): Ordered | undefined {
  const [, prefix = "", release, qualifier = "final", number] = MAVEN.exec(text) ?? [];
  const rank = MAVEN_QUALIFIERS.get(qualifier.toLowerCase());
  if (release === undefined || rank === undefined) return undefined;
  return { prefix, parts: numbersOf(release), rest: [rank, BigInt(number || "0")] };
}

function numbersOf(release: string): bigint[] {
  return release.split(".").map(BigInt);
}

function isDate({ parts }: Ordered): boolean {
  return (parts[0] ?? 0n) >= FIRST_YEAR;
}

function compareNumbers(a: readonly bigint[], b: readonly bigint[]): number {
  for (let at = 0; at < Math.max(a.length, b.length); at += 1) {
    const difference = (a[at] ?? 0n) - (b[at] ?? 0n);
    if (difference !== 0n) return difference < 0n ? -1 : 1;
  }
  return 0;
}

function comparePrereleases(a?: readonly string[], b?: readonly string[]): number {
  if (!a || !b) return Number(a === undefined) - Number(b === undefined);
  for (let at = 0; at < Math.min(a.length, b.length); at += 1) {
    const order = compareIdentifiers(a[at] ?? "", b[at] ?? "");
    if (order !== 0) return order;
  }
  return a.length - b.length;
}

function compareIdentifiers(a: string, b: string): number {
  const [isNumberA, isNumberB] = [/^\d+$/.test(a), /^\d+$/.test(b)];
  if (isNumberA && isNumberB) return compareNumbers([BigInt(a)], [BigInt(b)]);
  if (isNumberA !== isNumberB) return isNumberA ? -1 : 1;
  if (a === b) return 0;
  return a < b ? -1 : 1;
}
