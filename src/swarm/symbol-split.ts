import type { Definition } from "../core/definitions.ts";
import type { WorkItem } from "../core/plan.ts";
import { isNamed, plainName } from "./own-symbols.ts";

/** Two items that may change one file at the same time. */
interface Split {
  readonly a: WorkItem;
  readonly b: WorkItem;
  readonly path: string;
  /** The named parts of the file; undefined where they cannot be told. */
  readonly definitions: readonly Definition[] | undefined;
}

/** Why a file cannot be split between two items, or undefined where each has parts of its own in it. */
export function splitProblem({ a, b, path, definitions }: Split): string | undefined {
  const [ofA, ofB] = [symbolsOf(a, path), symbolsOf(b, path)];
  const lacking = [a, b].filter((item) => symbolsOf(item, path).length === 0);
  if (lacking.length > 0) {
    return `${lacking.map(({ id }) => `"${id}"`).join(" and ")} names no symbols of it`;
  }
  if (!definitions) return "it does not exist yet, or no parser can tell its parts";
  for (const one of ofA) {
    const other = ofB.find((name) => meet(one, name, definitions));
    if (other === undefined) continue;
    return same(one, other) ? `both name ${one}` : `${one} and ${other} are in one part of it`;
  }
  return undefined;
}

/** What an item calls its own in a file. */
function symbolsOf({ symbols = [] }: WorkItem, path: string): readonly string[] {
  return symbols.filter((one) => one.path === path).flatMap(({ names }) => names);
}

/** Whether two names mean parts that overlap. What is not there yet is new, and its own by its name. */
function meet(first: string, second: string, definitions: readonly Definition[]): boolean {
  const [one, other] = [plainName(first), plainName(second)];
  if (isNamed(one, other) || isNamed(other, one)) return true;
  const meant = (name: string) => definitions.filter((part) => isNamed(part.name, name));
  const others = meant(other);
  return (
    meant(one).some((a) => others.some((b) => a.start < b.end && b.start < a.end)) ||
    isInside(one, other) ||
    isInside(other, one)
  );
}

/** `Cart.total` will stand in `Cart`, also where it is new. */
function isInside(one: string, other: string): boolean {
  return one.startsWith(`${other}.`);
}

function same(one: string, other: string): boolean {
  return one.trim() === other.trim();
}
