import type { Sides } from "../../../core/merge.ts";
import { compareVersions } from "../version/compare-versions.ts";
import { lockedVersions } from "./locked-versions.ts";

const NONE: ReadonlySet<string> = new Set();

/** The packages that a side has at other versions than the base, those among them that only one of the two has. */
export function movedBy(
  { path, base }: Pick<Sides, "path" | "base">,
  side: string,
): readonly string[] {
  const [before, after] = [lockedVersions(path, base), lockedVersions(path, side)];
  const names = new Set([...before.keys(), ...after.keys()]);
  return [...names].filter((name) => {
    const [was, is] = [before.get(name) ?? NONE, after.get(name) ?? NONE];
    return was.size !== is.size || [...is].some((version) => !was.has(version));
  });
}

/**
 * Says which package a side moved and the result has, but where it was before or below; undefined where there is
 * none.
 */
export function lostMove(sides: Sides, result: string): string | undefined {
  const before = lockedVersions(sides.path, sides.base);
  const after = lockedVersions(sides.path, result);
  for (const side of [sides.ours, sides.theirs]) {
    for (const [name, now] of lockedVersions(sides.path, side)) {
      const left = after.get(name) ?? NONE;
      const move = moveOf(before.get(name) ?? NONE, now);
      if (isLowered(move, left))
        return `the new lockfile has ${name} at an older version than one of the sides raised it to`;
      if (isBack(move, left))
        return `the new lockfile has ${name} at a version again that one of the sides moved it from`;
    }
  }
  return undefined;
}

interface Move {
  readonly from: readonly string[];
  readonly to: readonly string[];
}

function moveOf(was: ReadonlySet<string>, is: ReadonlySet<string>): Move {
  return {
    from: [...was].filter((version) => !is.has(version)),
    to: [...is].filter((version) => !was.has(version)),
  };
}

/** Who else still needs the old version needs it beside the new one. */
function isBack({ from, to }: Move, left: ReadonlySet<string>): boolean {
  return from.some((version) => left.has(version)) && to.some((version) => !left.has(version));
}

/** Where more than one version moved it is not known which became which. */
function isLowered({ from, to: [version, ...more] }: Move, left: ReadonlySet<string>): boolean {
  if (version === undefined || more.length > 0 || from.length === 0 || left.size === 0)
    return false;
  const isRaise = from.every((one) => (orderOf(version, one) ?? 0) > 0);
  return isRaise && [...left].every((one) => (orderOf(one, version) ?? 0) < 0);
}

function orderOf(one: string, other: string): number | undefined {
  return compareVersions(one, other, "semver") ?? compareVersions(one, other, "python");
}
