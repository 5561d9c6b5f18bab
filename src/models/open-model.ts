import { NexusError } from "../core/errors.ts";
import type { Model } from "../core/model.ts";
import type { AnthropicSignIn } from "./anthropic/anthropic-client.ts";
import { createAnthropicProvider } from "./anthropic/anthropic-provider.ts";
import { createClaudeCodeProvider } from "./claude-code/claude-code-provider.ts";
import { CLAUDE_CODE_WARNING, type ClaudeProgram } from "./claude-code/claude-program.ts";
import { type CallBounds, createModel } from "./create-model.ts";
import { type GoogleEnterprise, openGemini } from "./gemini/open-gemini.ts";
import { createChatProvider } from "./openai-chat/chat-provider.ts";
import { createResponsesProvider } from "./openai-responses/responses-provider.ts";
import { knownDialect, presetOf } from "./presets.ts";
import type { Provider } from "./provider.ts";

/** The kinds of providers. `local` is any server that speaks Chat Completions. */
export type ProviderName =
  | "openai"
  | "openai-chat"
  | "openrouter"
  | "kimi"
  | "opencode"
  | "local"
  | "anthropic"
  | "gemini"
  | "claude-code";

/** Everything that is decided about one model. */
export interface ModelSettings extends CallBounds {
  readonly provider: ProviderName;
  /** As the vendor calls it. */
  readonly model: string;
  readonly apiKey?: string;
  /** Anthropic: an organisation's sign-in instead of a key. */
  readonly signIn?: AnthropicSignIn;
  /** Gemini: the enterprise's service instead of a key. */
  readonly enterprise?: GoogleEnterprise;
  /** The user's own Claude Code. */
  readonly claude?: ClaudeProgram;
  /** Instead of the vendor's own address. */
  readonly baseUrl?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly maxOutputTokens?: number;
  /** How hard a thinking model is to think, in the vendor's word. */
  readonly effort?: string;
}

/** The model that the settings describe; fails with `config.invalid` where they cannot be right. Calls nobody. */
export function openModel(settings: ModelSettings): Model {
  throwIfInvalid(settings);
  return createModel(settings.model, providerOf(settings), settings);
}

function providerOf(settings: ModelSettings): Provider {
  const { provider } = settings;
  switch (provider) {
    case "openai":
      return responses(settings, presetOf(provider));
    case "openrouter":
    case "kimi":
      return chat(settings, presetOf(provider));
    case "opencode":
      return opencode(settings);
    case "openai-chat":
      return chat(settings, presetOf("openai"));
    case "local":
      return chat(settings, { headers: {} });
    case "anthropic":
      return anthropic(settings, presetOf(provider));
    case "gemini":
      return openGemini(settings);
    case "claude-code":
      return claudeCode(settings);
    default:
      return provider satisfies never;
  }
}

function claudeCode({ claude, ...settings }: ModelSettings): Provider {
  if (claude) return createClaudeCodeProvider({ ...settings, claude });
  throw invalid("Claude Code is not set up as a worker.", CLAUDE_CODE_WARNING);
}

interface Place {
  readonly url?: string;
  readonly headers: Readonly<Record<string, string>>;
}

function chat(settings: ModelSettings, place: Place): Provider {
  const { provider, model } = settings;
  return createChatProvider({
    ...settings,
    ...addressOf(settings, place),
    dialect: knownDialect(provider, model),
  });
}

function responses(settings: ModelSettings, place: Place): Provider {
  return createResponsesProvider({ ...settings, ...addressOf(settings, place) });
}

function anthropic(settings: ModelSettings, place: Place): Provider {
  const { apiKey, ...address } = addressOf(settings, place);
  const auth = settings.signIn ?? { apiKey };
  return createAnthropicProvider({ ...settings, ...address, auth });
}

/** Behind one address it speaks the wire of whoever made the model. */
function opencode(settings: ModelSettings): Provider {
  const { baseUrl, apiKey, headers } = addressOf(settings, presetOf("opencode"));
  const own = { ...settings, baseUrl, apiKey, headers };
  // The SDKs of Anthropic and Google put the version into the path themselves.
  const root = { ...own, baseUrl: baseUrl.replace(/\/v1$/, "") };
  const maker = /^(?:claude|gpt|gemini)(?=-)/.exec(settings.model)?.[0];
  switch (maker) {
    case "gpt":
      return createResponsesProvider(own);
    case "gemini":
      return openGemini(root);
    case "claude":
      return createAnthropicProvider({
        ...root,
        auth: { apiKey },
        headers: { "x-api-key": apiKey, ...headers },
        movingMark: false,
      });
    default:
      return createChatProvider(own);
  }
}

function addressOf({ provider, baseUrl, apiKey, headers }: ModelSettings, place: Place) {
  return {
    baseUrl: (baseUrl ?? place.url ?? "").replace(/\/+$/, ""),
    // A server of one's own often asks for none, but the wire has a place for it.
    apiKey: apiKey || (provider === "local" ? "none" : ""),
    headers: { ...place.headers, ...headers },
  };
}

function throwIfInvalid({ model, maxOutputTokens }: ModelSettings): void {
  if (!/^[\x21-\x7e]+$/.test(model)) {
    throw invalid("The model's name is empty or has odd characters.", "Look for blanks in it.");
  }
  if (
    maxOutputTokens !== undefined &&
    !(Number.isInteger(maxOutputTokens) && maxOutputTokens > 0)
  ) {
    throw invalid("The limit of a reply's tokens is not a positive whole number.", "Raise it.");
  }
}

function invalid(message: string, hint: string): NexusError {
  return new NexusError("config.invalid", message, { hint });
}
