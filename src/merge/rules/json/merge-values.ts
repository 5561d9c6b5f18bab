import { type Json, type JsonObject, objectOf, writeJson } from "./json.ts";

/** Three values of one key; undefined for a side that does not have it. */
export interface ThreeValues {
  readonly base: Json | undefined;
  readonly ours: Json | undefined;
  readonly theirs: Json | undefined;
}

/** A merged value, which may be that there is none. */
export interface Value {
  readonly value: Json | undefined;
}

/** What tools write on their own: ours is as good as theirs. */
const VOLATILE = new Set(["collapsed", "scrolled", "ExecuteTime", "execution", "widgets"]);

/** Three values by their keys, in the order of ours; undefined where both sides changed one differently. */
export function mergeValues(
  { base, ours, theirs }: ThreeValues,
  isOurs: (key: string) => boolean = isVolatile,
): Value | undefined {
  if (isSame(ours, theirs) || isSame(theirs, base)) return { value: ours };
  if (isSame(ours, base)) return { value: theirs };
  const [b, o, t] = [objectOf(base ?? new Map()), objectOf(ours), objectOf(theirs)];
  if (!b || !o || !t) return undefined;
  return mergeMembers({ b, o, t }, isOurs);
}

function isVolatile(key: string): boolean {
  return VOLATILE.has(key);
}

/** Of the language, a notebook names the release that happened to run it. */
function isVolatileOfLanguage(key: string): boolean {
  return key === "version";
}

interface ThreeObjects {
  readonly b: JsonObject;
  readonly o: JsonObject;
  readonly t: JsonObject;
}

function mergeMembers(
  { b, o, t }: ThreeObjects,
  isOurs: (key: string) => boolean,
): Value | undefined {
  const merged = new Map<string, Json>();
  for (const key of new Set([...o.keys(), ...t.keys()])) {
    const sides = { base: b.get(key), ours: o.get(key), theirs: t.get(key) };
    const inner = key === "language_info" ? isVolatileOfLanguage : isVolatile;
    const member = mergeValues(sides, inner) ?? (isOurs(key) ? { value: sides.ours } : undefined);
    if (member === undefined) return undefined;
    if (member.value !== undefined) merged.set(key, member.value);
  }
  return { value: merged };
}

/** An object with some members replaced, at their places; undefined takes one away. */
export function withMembers(
  object: JsonObject,
  members: Readonly<Record<string, Json | undefined>>,
): JsonObject {
  const changed = new Map(object);
  for (const [key, value] of Object.entries(members)) {
    if (value === undefined) changed.delete(key);
    else changed.set(key, value);
  }
  return changed;
}

/** True where two values are written alike. */
export function isSame(one: Json | undefined, other: Json | undefined): boolean {
  if (one === undefined || other === undefined) return one === other;
  return writeJson(one, "") === writeJson(other, "");
}

/** The object with its keys in the order of another one, further ones at the end. */
export function inOrderOf(like: JsonObject, object: JsonObject): JsonObject {
  const keys = [...like.keys(), ...object.keys()].filter((key) => object.has(key));
  return new Map([...new Set(keys)].map((key) => [key, object.get(key) ?? null]));
}
