import { NexusError } from "../../core/errors.ts";
import { piecesOf } from "../answer.ts";
import type { Provider } from "../provider.ts";
import { modelError } from "../provider-error.ts";
import { throwIfInvalidUrl } from "../send.ts";
import type { Caller } from "./caller.ts";
import { createGeminiJoiner } from "./gemini-reply.ts";
import { type GeminiSettings, geminiRequest } from "./gemini-request.ts";
import { createGeminiSend, type GeminiPlace } from "./gemini-send.ts";

/** One model and who calls it where. */
export interface GeminiOptions {
  readonly place: GeminiPlace;
  readonly caller: Caller;
  readonly model: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly maxOutputTokens?: number;
  /** How hard a thinking model is to think: `low`, `high`, …. */
  readonly effort?: string;
}

/** One Gemini, of the developers' service or of the enterprise's. */
export function createGeminiProvider(options: GeminiOptions): Provider {
  const { place, caller, model, headers = {}, maxOutputTokens, effort } = options;
  throwIfInvalidUrl(place.baseUrl);
  throwIfInvalidModel(model);
  const send = createGeminiSend(place, caller, headers);
  const origin = { wire: "gemini", baseUrl: place.baseUrl, model };
  const settings: GeminiSettings = { origin, maxOutputTokens, effort };

  return {
    secrets: () => caller.secrets(),
    async ask({ request, signal, heard, tell }) {
      const response = await send(geminiRequest(request, settings), signal);
      heard();
      const joiner = createGeminiJoiner(tell);
      for await (const piece of piecesOf(response, { streaming: true, heard })) joiner.add(piece);
      const reply = joiner.reply({ origin, callIdPrefix: `call-${request.messages.length}` });
      if (!joiner.ended()) {
        throw modelError("model.unreachable", "The answer stopped before its end.");
      }
      return reply;
    },
  };
}

/** A name becomes a part of the address. */
function throwIfInvalidModel(model: string): void {
  if (/^[\w.@:/-]+$/.test(model) && !model.includes("..")) return;
  throw new NexusError("config.invalid", "The model's name has odd characters.", {
    hint: "It looks like gemini-3-flash.",
  });
}
