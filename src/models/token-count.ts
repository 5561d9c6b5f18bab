import { z } from "zod";
import type { Usage } from "../core/usage.ts";

const Known = z.number().nonnegative().max(1_000_000_000).transform(Math.floor);

/** Tokens as a vendor counts them. It may leave any count out, send null, or send nonsense: all of it is 0. */
export const Count = Known.catch(0);

/** The counts that not every vendor has: what is no number stays out. */
export function knownCounts(
  counts: Readonly<Record<"cacheWrite" | "reasoning", unknown>>,
): Pick<Usage, "cacheWrite" | "reasoning"> {
  const { data: cacheWrite } = Known.safeParse(counts.cacheWrite);
  const { data: reasoning } = Known.safeParse(counts.reasoning);
  return {
    ...(cacheWrite === undefined ? {} : { cacheWrite }),
    ...(reasoning === undefined ? {} : { reasoning }),
  };
}
