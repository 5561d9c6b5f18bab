import type { WorkItem } from "../core/plan.ts";
import { visible } from "../core/untrusted.ts";
import type { Proof, Proving } from "./proving.ts";

/** What stands between a worker and the end of its item. */
export interface Closing {
  /** Why the item is not closed yet, said once; undefined where it is. */
  objection(proof: string | undefined): string | undefined;
  /** What the item's own check and the named command came to, as they are now. */
  proofs(proof: string | undefined): readonly Proof[];
}

/** Asks once for what is not proved, and then takes the work as it is: whether it is good is for the checks to say. */
export function createClosing({ acceptance }: WorkItem, proving: Proving): Closing {
  let isTold = false;
  const commands = (proof: string | undefined) => {
    const own = acceptance?.command.trim();
    return [...new Set([own, proof?.trim()].filter((command) => command !== undefined))];
  };
  return {
    objection(proof) {
      const gaps = commands(proof).flatMap((command) => {
        const gap = proving.gap(command);
        return gap === undefined ? [] : [`- ${visible(command)}: ${gap}`];
      });
      if (gaps.length === 0 || isTold) return undefined;
      isTold = true;
      return `Not closed: these commands prove nothing yet.\n${gaps.join("\n")}\nRun them, exactly as they stand here, after your last change. If one cannot pass, call finish again and say why in the summary: the item is closed then, and counts as not proved.`;
    },
    proofs: (proof) => commands(proof).map(proving.proofOf),
  };
}
