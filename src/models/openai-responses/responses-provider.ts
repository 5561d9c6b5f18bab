import type OpenAI from "openai";
import type { ResponseCreateParamsStreaming } from "openai/resources/responses/responses";
import type { ModelReply } from "../../core/model.ts";
import { piecesOf } from "../answer.ts";
import { openAiClient, openAiFailure } from "../openai-client.ts";
import type { Provider, Try } from "../provider.ts";
import { Rejected, type Rejection } from "../rejection.ts";
import type { Address } from "../send.ts";
import type { Origin } from "../vendor-part.ts";
import { createResponsesJoiner } from "./responses-reply.ts";
import {
  type ResponsesDialect,
  type ResponsesSettings,
  responsesRequest,
} from "./responses-request.ts";

export interface ResponsesOptions extends Address {
  readonly model: string;
  readonly maxOutputTokens?: number;
  readonly effort?: string;
}

/** A text is streamed, told as done, as a part, as an item, and once more at the end. */
const REPEATS = 5;

/** One model behind OpenAI's Responses. Each call stands alone: the vendor is asked to keep nothing. */
export function createResponsesProvider(options: ResponsesOptions): Provider {
  const { baseUrl, model, maxOutputTokens, effort } = options;
  const client = openAiClient(options);
  const origin = { wire: "openai-responses", baseUrl, model };
  const settings: ResponsesSettings = { origin, maxOutputTokens, effort };
  let dialect: ResponsesDialect = {
    sealsReasoning: true,
    efforts: true,
    shapes: true,
    cacheKeys: true,
  };

  return {
    secrets: () => [options.apiKey],
    async ask(one) {
      const body = responsesRequest(one.request, settings, dialect);
      try {
        return await exchange(client, { body, origin }, one);
      } catch (error) {
        const failure = openAiFailure(error);
        const learnt = failure instanceof Rejected ? learn(dialect, body, failure.why) : undefined;
        if (!learnt || one.signal.aborted) throw failure;
        dialect = learnt;
      }
      return this.ask(one);
    },
  };
}

interface Exchange {
  readonly body: ResponseCreateParamsStreaming;
  readonly origin: Origin;
}

async function exchange(
  client: OpenAI,
  { body, origin }: Exchange,
  { signal, heard, tell }: Try,
): Promise<ModelReply> {
  const response = await client.responses.create(body, { signal }).asResponse();
  heard();
  const joiner = createResponsesJoiner(tell);
  const listening = { streaming: true, heard, repeats: REPEATS };
  for await (const piece of piecesOf(response, listening)) joiner.add(piece);
  signal.throwIfAborted();
  return joiner.reply(origin);
}

/** The dialect to try next, or undefined where the refusal is about something else. */
function learn(
  dialect: ResponsesDialect,
  spoken: ResponseCreateParamsStreaming,
  { status, param, text }: Rejection,
): ResponsesDialect | undefined {
  if (status !== 400 && status !== 422) return undefined;
  const about = `${param} ${text}`;
  if (spoken.include && /encrypted|\binclude\b/i.test(about)) {
    return { ...dialect, sealsReasoning: false };
  }
  if (spoken.reasoning && /reasoning|effort/i.test(about)) return { ...dialect, efforts: false };
  if (spoken.text && /text\.format|json_schema|response_format|structured/i.test(about)) {
    return { ...dialect, shapes: false };
  }
  if (spoken.prompt_cache_key != null && /prompt_cache_key/i.test(about)) {
    return { ...dialect, cacheKeys: false };
  }
  return undefined;
}
