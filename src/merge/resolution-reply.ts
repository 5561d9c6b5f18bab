import { z } from "zod";
import type { ModelReply, ToolDefinition } from "../core/model.ts";

const LONGEST_INPUT = 256_000;

const Resolutions = z.object({
  resolutions: z
    .array(
      z.object({
        number: z.number().int().describe("The number of the conflict."),
        text: z
          .string()
          .nullable()
          .describe("What takes the place of the whole conflict; null: people must decide."),
        why: z.string().describe("One sentence."),
      }),
    )
    .max(100),
});

/** The one tool of a model that settles conflicts. */
export const SUBMIT_RESOLUTIONS: ToolDefinition = {
  name: "submit_resolutions",
  description: "Hands in one resolution for every conflict. Call it exactly once.",
  input: Resolutions,
};

/** What a reply says of each conflict by its number, or what is wrong with it, in words for the model. */
export type ReadResolutions =
  | { readonly kind: "read"; readonly texts: ReadonlyMap<number, string> }
  /** People must decide at least one of them: the model's own words, hostile text. */
  | { readonly kind: "cannot"; readonly why: string }
  | { readonly kind: "malformed"; readonly problem: string };

/** Reads the resolutions of these conflicts out of a reply: each number once, and no other. */
export function readResolutions(reply: ModelReply, numbers: readonly number[]): ReadResolutions {
  if (reply.stop === "length") return malformed("The reply was cut off because it was too long.");
  const [call] = reply.calls;
  if (call === undefined || reply.calls.length > 1 || call.name !== SUBMIT_RESOLUTIONS.name) {
    return malformed("The reply must make one call of submit_resolutions and no other.");
  }
  const input = jsonOf(call.input);
  if (input === undefined) return malformed("The input is not one JSON object of bounded length.");
  const { data, error } = Resolutions.safeParse(input);
  if (error) {
    return malformed(
      `The input does not fit the schema:\n${z.prettifyError(error).slice(0, 2000)}`,
    );
  }
  return byNumber(data.resolutions, numbers);
}

function byNumber(
  given: z.infer<typeof Resolutions>["resolutions"],
  numbers: readonly number[],
): ReadResolutions {
  const texts = new Map<number, string>();
  for (const { number, text, why } of given) {
    if (!numbers.includes(number)) return malformed(`There is no conflict ${number} to settle.`);
    if (text === null) return { kind: "cannot", why: why.slice(0, 500).toWellFormed() };
    if (texts.has(number)) return malformed(`Conflict ${number} has more than one resolution.`);
    texts.set(number, text);
  }
  const missing = numbers.filter((number) => !texts.has(number));
  if (missing.length === 0) return { kind: "read", texts };
  return malformed(`There is no resolution for conflict ${missing.join(", ")}.`);
}

function jsonOf(input: string): unknown {
  if (input.length > LONGEST_INPUT) return undefined;
  try {
    return JSON.parse(input);
  } catch {
    return undefined;
  }
}

function malformed(problem: string): ReadResolutions {
  return { kind: "malformed", problem };
}
