import type { Sides } from "../../../core/merge.ts";
import { indentOf } from "../json/indentation.ts";
import { type Json, type JsonObject, objectOf, readJson, writeJson } from "../json/json.ts";
import { isSame, withMembers } from "../json/merge-values.ts";

/**
 * Ours with what only theirs locked differently: where npm starts from, so that versions which theirs raised in
 * the lockfile alone are not lost. npm itself mends what does not fit. Undefined where the texts cannot be read.
 */
export function startNpmLock({ base, ours, theirs }: Sides): string | undefined {
  const [b, o, t] = [base, ours, theirs].map((text) => objectOf(readJson(text)));
  const indent = o && indentOf(ours, o);
  const [before, mine, other] = [b, o, t].map((lock) => objectOf(lock?.get("packages")));
  if (!o || indent === undefined || !before || !mine || !other) return undefined;
  const packages = new Map<string, Json>();
  const places = [...new Set([...mine.keys(), ...other.keys()])].filter((place) => place !== "");
  // The root's own entry comes from the merged manifest.
  const root = mine.get("");
  if (root !== undefined) packages.set("", root);
  for (const place of places.sort(byPlace)) {
    const entry = entryAt(place, { before, mine, other });
    if (entry !== undefined) packages.set(place, entry);
  }
  const text = writeJson(withMembers(o, { packages }), indent);
  return text + ours.slice(ours.trimEnd().length);
}

interface Packages {
  readonly before: JsonObject;
  readonly mine: JsonObject;
  readonly other: JsonObject;
}

function entryAt(place: string, { before, mine, other }: Packages): Json | undefined {
  const [was, is, theirs] = [before.get(place), mine.get(place), other.get(place)];
  return isSame(is, was) ? theirs : is;
}

function byPlace(one: string, other: string): number {
  if (one === other) return 0;
  return one < other ? -1 : 1;
}
