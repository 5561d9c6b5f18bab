import type { RunSides } from "./entries.ts";
import { boundBy } from "./import.ts";

/**
 * True where the merged imports bind every name that a side added or both kept, none that a side gave up, and none
 * more often than a side does.
 */
export function bindsWell(sides: RunSides, merged: readonly string[]): boolean {
  const [base, ours, theirs] = [sides.base, sides.ours, sides.theirs].map((imports) =>
    counted(imports.flatMap(boundBy)),
  );
  const result = counted(merged);
  const names = new Set([...(ours?.keys() ?? []), ...(theirs?.keys() ?? []), ...result.keys()]);
  return [...names].every((name) => {
    const [was, our, their, is] = [base, ours, theirs, result].map((side) => side?.get(name) ?? 0);
    const isWanted = was ? Boolean(our && their) : Boolean(our || their);
    return isWanted ? Boolean(is) && (is ?? 0) <= Math.max(1, our ?? 0, their ?? 0) : !is;
  });
}

function counted(names: readonly string[]): ReadonlyMap<string, number> {
  const counts = new Map<string, number>();
  for (const name of names) counts.set(name, (counts.get(name) ?? 0) + 1);
  return counts;
}
