import type { Part } from "@google/genai";
import { z } from "zod";

/** One part of a turn as it came, with whatever else it has: the model wants all of it back. */
export const WirePart = z.looseObject({
  text: z.string().optional(),
  thought: z.boolean().optional(),
  thoughtSignature: z.string().optional(),
  functionCall: z
    .looseObject({
      id: z.string().optional(),
      name: z.string().default(""),
      args: z.record(z.string(), z.unknown()).nullish(),
    })
    .optional(),
});
export type WirePart = z.infer<typeof WirePart>;

const Kept = z.object({ parts: z.array(WirePart).min(1) });

/** The parts of a turn of the model, to be kept with the history. */
export function keptParts(parts: readonly WirePart[]): z.infer<typeof Kept> {
  return { parts: [...parts] };
}

/** What `keptParts` made, or undefined where it is something else. */
export function partsIn(kept: unknown): readonly Part[] | undefined {
  // The SDK's type says more about a part than is looked at here.
  return Kept.safeParse(kept).data?.parts as readonly Part[] | undefined;
}

/** Adds what came to what was there: words go on, and a signed part stays as it is. */
export function addPart(parts: WirePart[], part: WirePart): void {
  const last = parts.at(-1);
  if (last && isOnlyWords(last) && isOnlyWords(part) && last.thought === part.thought) {
    last.text = `${last.text}${part.text}`;
  } else {
    parts.push({ ...part });
  }
}

function isOnlyWords(part: WirePart): boolean {
  return (
    part.text !== undefined && Object.keys(part).every((key) => key === "text" || key === "thought")
  );
}
