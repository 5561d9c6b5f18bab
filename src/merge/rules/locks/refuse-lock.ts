import type { Sides } from "../../../core/merge.ts";
import { newAddress } from "./lock-addresses.ts";
import { formatsOf, platformsOf } from "./lock-format.ts";
import { lockedVersions } from "./locked-versions.ts";
import { lostMove } from "./lost-moves.ts";

/** Why a lockfile that was made anew must not be taken; undefined where nothing speaks against it. */
export function refuseLock(
  sides: Sides,
  result: string,
  hosts: readonly string[],
): string | undefined {
  if (formatsOf(sides.ours).join() !== formatsOf(result).join())
    return "the new lockfile has another format than the old one";
  if (namesPackages(sides.path, sides.ours) && !namesPackages(sides.path, result))
    return "the new lockfile names no package";
  const platforms = new Set([sides.ours, sides.theirs].flatMap(platformsOf));
  if (platforms.size > 0 && platformsOf(result).some((platform) => !platforms.has(platform)))
    return "the new lockfile is made for a platform that no side had";
  if (newAddress(sides, result, hosts) !== undefined)
    return "the new lockfile takes packages from where no side did";
  return lostMove(sides, result);
}

function namesPackages(path: string, text: string): boolean {
  return lockedVersions(path, text).size > 0;
}
