import type { Provider } from "../provider.ts";
import { throwIfInvalidAddress } from "../send.ts";
import { keyCaller } from "./caller.ts";
import { createGeminiProvider, type GeminiOptions } from "./gemini-provider.ts";

const DEVELOPERS_URL = "https://generativelanguage.googleapis.com";

/** What the settings say of one Gemini. */
export interface GeminiSettings extends Omit<GeminiOptions, "place" | "caller"> {
  readonly apiKey?: string;
  /** Instead of Google's own address. */
  readonly baseUrl?: string;
}

/** Gemini as the settings describe it; fails with `config.invalid` where they cannot be right. */
export function openGemini(settings: GeminiSettings): Provider {
  const { apiKey = "" } = settings;
  const baseUrl = (settings.baseUrl ?? DEVELOPERS_URL).replace(/\/+$/, "");
  throwIfInvalidAddress({ baseUrl, apiKey });
  return createGeminiProvider({ ...settings, place: { baseUrl }, caller: keyCaller(apiKey) });
}
