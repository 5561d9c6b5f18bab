import type OpenAI from "openai";
import type { ModelReply } from "../../core/model.ts";
import { piecesOf } from "../answer.ts";
import { openAiClient, openAiFailure } from "../openai-client.ts";
import type { Provider, Try } from "../provider.ts";
import { modelError } from "../provider-error.ts";
import { Rejected } from "../rejection.ts";
import type { Address } from "../send.ts";
import { createReplyJoiner } from "./chat-reply.ts";
import { type ChatSettings, chatRequest } from "./chat-request.ts";
import { COMMON_DIALECT, type Dialect, learn } from "./dialect.ts";

export interface ChatOptions extends Address {
  readonly model: string;
  readonly maxOutputTokens?: number;
  /** How hard a thinking model is to think, in the vendor's word. */
  readonly effort?: string;
  /** What is known of the vendor beforehand. */
  readonly dialect?: Partial<Dialect>;
}

/** One model behind any API that speaks OpenAI's Chat Completions. */
export function createChatProvider(options: ChatOptions): Provider {
  const { baseUrl, model, maxOutputTokens, effort } = options;
  const client = openAiClient(options);
  const origin = { wire: "openai-chat", baseUrl, model };
  const settings: ChatSettings = { origin, maxOutputTokens, effort };
  let dialect: Dialect = { ...COMMON_DIALECT, ...options.dialect };

  return {
    secrets: () => [options.apiKey],
    // What the vendor was found not to understand is not said to it again.
    async ask(one) {
      const body = chatRequest(one.request, settings, dialect);
      try {
        return await exchange({ client, settings, body, tellsCost: dialect.tellsCost }, one);
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
  readonly client: OpenAI;
  readonly settings: ChatSettings;
  readonly body: ReturnType<typeof chatRequest>;
  readonly tellsCost: boolean;
}

async function exchange(
  { client, settings, body, tellsCost }: Exchange,
  { request, signal, heard, tell }: Try,
): Promise<ModelReply> {
  const streaming = body.stream === true;
  const response = await client.chat.completions.create(body, { signal }).asResponse();
  heard();
  const joiner = createReplyJoiner(tell);
  for await (const piece of piecesOf(response, { streaming, heard })) joiner.add(piece);

  const { origin } = settings;
  const callIdPrefix = `call-${request.messages.length}`;
  const reply = joiner.reply({ origin, callIdPrefix, tellsCost });
  if (streaming && !joiner.ended()) {
    throw modelError("model.unreachable", "The answer stopped before its end.");
  }
  return reply;
}
