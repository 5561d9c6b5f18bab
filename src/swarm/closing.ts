import type { WorkItem } from "../core/plan.ts";
import { visible } from "../core/untrusted.ts";
import type { Proof, Proving } from "./proving.ts";

/** What stands between a worker and the end of its item. */
export interface Closing {
  /** What the item's own check and the named command came to, as files are now; once, why it is not closed yet. */
  close(
    proof: string | undefined,
  ): Promise<
    | { readonly kind: "closed"; readonly proofs: readonly Proof[] }
    | { readonly kind: "refused"; readonly why: string }
  >;
}

/** Asks once for what is not proved, and then takes the work as it is: whether it is good is for the checks to say. */
export function createClosing({ acceptance }: WorkItem, proving: Proving): Closing {
  let isTold = false;
  const commands = (proof: string | undefined) => {
    const own = acceptance?.command.trim();
    return [...new Set([own, proof?.trim()].filter((command) => command !== undefined))];
  };
  return {
    async close(proof) {
      const proven = await proving.of(commands(proof));
      const gaps = proven.flatMap(({ proof: { command }, gap }) =>
        gap === undefined ? [] : [`- ${visible(command)}: ${gap}`],
      );
      if (gaps.length === 0 || isTold) {
        return { kind: "closed", proofs: proven.map((one) => one.proof) };
      }
      isTold = true;
      return {
        kind: "refused",
        why: `Not closed: these commands prove nothing yet.\n${gaps.join("\n")}\nRun them, exactly as they stand here, after your last change. If one cannot pass, call finish again and say why in the summary: the item is closed then, and counts as not proved.`,
      };
    },
  };
}
