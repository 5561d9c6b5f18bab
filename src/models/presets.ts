import { z } from "zod";

/** Vendors that speak OpenAI's Chat Completions and whose address we know. */
export const ModelPreset = z.enum(["openai", "openrouter", "kimi", "opencode"]);
export type ModelPreset = z.infer<typeof ModelPreset>;

interface Address {
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
}

const PRESETS: Readonly<Record<ModelPreset, Address>> = {
  openai: { url: "https://api.openai.com/v1", headers: {} },
  openrouter: { url: "https://openrouter.ai/api/v1", headers: { "X-Title": "Nexus" } },
  kimi: { url: "https://api.moonshot.ai/v1", headers: {} },
  opencode: { url: "https://opencode.ai/zen/v1", headers: {} },
};

/** The base URL of a known vendor. */
export function presetUrl(name: ModelPreset): string {
  return PRESETS[name].url;
}

/** The headers a known vendor wants beside the key. */
export function presetHeaders(name: ModelPreset): Readonly<Record<string, string>> {
  return PRESETS[name].headers;
}
