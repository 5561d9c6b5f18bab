import { framed } from "../core/data-frame.ts";
import { render } from "../core/render.ts";
import type { Prompts } from "./prompts.ts";

/** What a worker is told whose item makes checks fail. All of it is hostile text. */
export interface CorrectionNotes {
  /** `continued`: it goes on with the work of the item. `fresh`: it is to look at it as a stranger. */
  readonly kind: "continued" | "fresh";
  /** The red checks with the places that they complain about. */
  readonly failures: string;
  /** What the branch holds of the item's work. */
  readonly diff: string;
  /** How the work on the item ended. */
  readonly trajectory: string;
  /** The tries before this one, and what came of them. */
  readonly tried: string;
}

const LIMITS = { failures: 28_000, diff: 24_000, trajectory: 12_000, tried: 8_000 };

/** The notes of a correction, as its kind of prompt says them. */
export function correctionText(prompts: Prompts, notes: CorrectionNotes): string {
  const shown = (name: keyof typeof LIMITS) =>
    notes[name].trim() === "" ? "None." : framed(name, notes[name], LIMITS[name]);
  const told = { failures: shown("failures"), diff: shown("diff"), tried: shown("tried") };
  if (notes.kind === "fresh") return render(prompts["worker-correction-fresh"], told);
  return render(prompts["worker-correction"], { ...told, trajectory: shown("trajectory") });
}
