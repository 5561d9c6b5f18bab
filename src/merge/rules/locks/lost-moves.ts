import type { Sides } from "../../../core/merge.ts";
import { compareVersions } from "../version/compare-versions.ts";
import { type LockedVersions, lockedVersions } from "./locked-versions.ts";

/** The packages that one side moved from one version to another, with the new one. */
export function movedBy({ path, base }: Pick<Sides, "path" | "base">, side: string) {
  const before = lockedVersions(path, base);
  const moved = new Map<string, string>();
  for (const [name, versions] of lockedVersions(path, side)) {
    const [version = ""] = versions;
    // Where a package is locked more than once it is not known which became which.
    if (versions.size === 1 && !before.get(name)?.has(version)) moved.set(name, version);
  }
  return moved;
}

/** A package that a side raised and the result still has, but only at older versions; undefined where there is none. */
export function lostMove(
  sides: Sides,
  result: string,
): { readonly name: string; readonly version: string } | undefined {
  const before = lockedVersions(sides.path, sides.base);
  const after = lockedVersions(sides.path, result);
  for (const side of [sides.ours, sides.theirs]) {
    for (const [name, version] of movedBy(sides, side)) {
      if (wasRaised(before, name, version) && isBelow(after, name, version))
        return { name, version };
    }
  }
  return undefined;
}

function wasRaised(before: LockedVersions, name: string, version: string): boolean {
  const old = [...(before.get(name) ?? [])];
  return old.length > 0 && old.every((one) => (orderOf(version, one) ?? 0) > 0);
}

function isBelow(after: LockedVersions, name: string, version: string): boolean {
  const now = [...(after.get(name) ?? [])];
  return now.length > 0 && now.every((one) => (orderOf(one, version) ?? 0) < 0);
}

function orderOf(one: string, other: string): number | undefined {
  return compareVersions(one, other, "semver") ?? compareVersions(one, other, "python");
}
