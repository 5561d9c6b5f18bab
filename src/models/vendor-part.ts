import { z } from "zod";

/** Whose words an opaque part are: only the same model at the same address can read them. */
export interface Origin {
  /** The wire's name, as `openai-chat`. */
  readonly wire: string;
  readonly baseUrl: string;
  readonly model: string;
}

const Part = z.object({ by: z.string(), part: z.unknown().optional() });

/** What a model wants back in the history, marked with where it comes from. */
export function vendorPart(origin: Origin, part: unknown): z.infer<typeof Part> {
  return { by: nameOf(origin), part };
}

/** What `vendorPart` was given, or undefined where it comes from elsewhere. */
export function ownPart(origin: Origin, vendor: unknown): unknown {
  const { data } = Part.safeParse(vendor);
  return data?.by === nameOf(origin) ? data.part : undefined;
}

function nameOf({ wire, baseUrl, model }: Origin): string {
  return `${wire} ${new URL(baseUrl).host} ${model}`;
}
