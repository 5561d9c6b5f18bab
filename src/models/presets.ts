import type { Dialect } from "./openai-chat/dialect.ts";

/** Vendors whose address we know. */
export type PresetName = "openai" | "openrouter" | "kimi" | "opencode" | "anthropic";

interface Preset {
  readonly url: string;
  /** What the vendor wants beside the key. */
  readonly headers: Readonly<Record<string, string>>;
}

const PRESETS: Readonly<Record<PresetName, Preset>> = {
  openai: { url: "https://api.openai.com/v1", headers: {} },
  openrouter: { url: "https://openrouter.ai/api/v1", headers: { "X-Title": "Nexus" } },
  kimi: { url: "https://api.moonshot.ai/v1", headers: {} },
  opencode: { url: "https://opencode.ai/zen/v1", headers: {} },
  anthropic: { url: "https://api.anthropic.com", headers: {} },
};

/** Claude and Alibaba's models cache only what is marked. */
const WANTS_CACHE_MARKS = /^~?(anthropic|alibaba|qwen)\//;

/** The address and the headers of a known vendor. */
export function presetOf(name: PresetName): Preset {
  return PRESETS[name];
}

/** What is known beforehand of how a vendor speaks Chat Completions. */
export function knownDialect(vendor: string, model: string): Partial<Dialect> {
  if (vendor === "openrouter")
    return { cacheMarks: WANTS_CACHE_MARKS.test(model), tellsCost: true };
  return { cacheKeys: vendor === "openai-chat" || vendor === "kimi" };
}
