import type { Place } from "./stage.ts";

// Further back than this, nobody sees at a glance what the lines belong to.
const furthest = 8_000;

const openers =
  /(?:\b(?:import|export)(?:\s+type)?(?:\s+\w+\s*,)?\s*\{|\bfrom\s+\S+\s+import\s*\(|\buse\s+[\w:]+::\{|\b__all__\s*=\s*[[(])\s*$/;

/** True where the hunk stands inside of a list of imported or exported names, in which the order means nothing. */
export function isInFreeList({ before }: Place): boolean {
  if (before === undefined) return false;
  const text = before.slice(-furthest);
  let depth = 0;
  for (let at = text.length - 1; at >= 0; at -= 1) {
    const sign = text.charAt(at);
    if (")]}".includes(sign)) depth += 1;
    else if ("([{".includes(sign)) {
      if (depth === 0) return openers.test(text.slice(Math.max(0, at - 300), at + 1));
      depth -= 1;
    }
  }
  return false;
}
