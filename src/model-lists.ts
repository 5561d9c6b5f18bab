import { z } from "zod";
import type { ProviderName } from "./models/open-model.ts";

/** One model of a list: its provider and what the vendor calls it. */
export interface NamedModel {
  readonly provider: ProviderName;
  readonly model: string;
}

/** At most so many calls begin in such a time. */
export interface Rate {
  readonly count: number;
  readonly windowMs: number;
}

/** The settings that a provider cannot do without; of several in one place any one will do. */
export const NEEDS: Readonly<Record<ProviderName, readonly (readonly string[])[]>> = {
  openai: [["OPENAI_API_KEY"]],
  "openai-chat": [["OPENAI_API_KEY"]],
  openrouter: [["OPENROUTER_API_KEY"]],
  kimi: [["KIMI_API_KEY"]],
  opencode: [["OPENCODE_API_KEY"]],
  anthropic: [["ANTHROPIC_API_KEY", "ANTHROPIC_PROFILE_PATH"]],
  gemini: [["GEMINI_API_KEY", "GEMINI_PROJECT"]],
  local: [["LOCAL_MODEL_URL"]],
  "claude-code": [["CLAUDE_CODE_PROGRAM"], ["CLAUDE_CODE_ONLY_MINE"]],
};

const PROVIDERS = Object.keys(NEEDS);
const MOST_MODELS = 8;
const UNIT_MS: Readonly<Record<string, number>> = { s: 1_000, min: 60_000 };

/** `provider:model` with commas between, the first choice first. What is wrong names a place, no value. */
export const ModelList = z.string().transform((text, context): readonly NamedModel[] => {
  const parts = text.split(",").map((part) => part.trim());
  const problem = problemOfList(parts);
  if (problem === undefined) return parts.map(namedModel);
  context.addIssue({ code: "custom", message: problem });
  return z.NEVER;
});

function problemOfList(parts: readonly string[]): string | undefined {
  if (parts.length > MOST_MODELS) return `may name ${MOST_MODELS} models`;
  const odd = parts.findIndex((part) => !isNamedModel(part));
  if (odd !== -1) {
    return `entry ${odd + 1} is not provider:model with one of ${PROVIDERS.join(", ")}`;
  }
  const twice = parts.findIndex((part, index) => parts.indexOf(part) < index);
  return twice === -1 ? undefined : `entry ${twice + 1} stands there twice`;
}

function isNamedModel(text: string): boolean {
  const { provider, model } = namedModel(text);
  return isProvider(provider) && /^[\x21-\x7e]+$/.test(model);
}

/** Names of models have colons too: the first one ends the provider. */
function namedModel(text: string): NamedModel {
  const [provider = "", ...model] = text.split(":");
  // Checked before it is used.
  return { provider: provider as ProviderName, model: model.join(":") };
}

function isProvider(name: string): boolean {
  return PROVIDERS.includes(name);
}

/** `provider=10/s` or `provider=50/min`, with commas between. */
export const Rates = pairs("provider=10/s or provider=50/min", (name, value) => {
  const { groups } = /^(?<count>[1-9]\d{0,5})\/(?<unit>s|min)$/.exec(value) ?? {};
  const windowMs = UNIT_MS[groups?.unit ?? ""];
  if (!isProvider(name) || windowMs === undefined) return undefined;
  return { count: Number(groups?.count), windowMs };
});

/** `provider=8`, with commas between. */
export const Counts = pairs("provider=8", (name, value) =>
  isProvider(name) && /^[1-9]\d{0,3}$/.test(value) ? Number(value) : undefined,
);

/** `provider:model=200000`, with commas between. */
export const ContextSizes = pairs("provider:model=200000", (name, value) =>
  isNamedModel(name) && /^[1-9]\d{2,8}$/.test(value) ? Number(value) : undefined,
);

function pairs<T>(example: string, read: (name: string, value: string) => T | undefined) {
  return z.string().transform((text, context): ReadonlyMap<string, T> => {
    const found = new Map<string, T>();
    for (const [index, part] of text.split(",").entries()) {
      const cut = part.lastIndexOf("=");
      const name = part.slice(0, cut).trim();
      const value = cut === -1 ? undefined : read(name, part.slice(cut + 1).trim());
      if (value === undefined) {
        context.addIssue({ code: "custom", message: `entry ${index + 1} is not ${example}` });
        return z.NEVER;
      }
      found.set(name, value);
    }
    return found;
  });
}
