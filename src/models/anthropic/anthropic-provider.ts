import type { MessageCreateParamsStreaming } from "@anthropic-ai/sdk/resources/messages";
import type { ModelReply } from "../../core/model.ts";
import { piecesOf } from "../answer.ts";
import type { Provider, Try } from "../provider.ts";
import { modelError } from "../provider-error.ts";
import { Rejected, type Rejection } from "../rejection.ts";
import {
  type AnthropicAddress,
  type AnthropicClient,
  anthropicClient,
  anthropicFailure,
} from "./anthropic-client.ts";
import { createMessagesJoiner } from "./messages-reply.ts";
import {
  type MessagesDialect,
  type MessagesSettings,
  messagesRequest,
} from "./messages-request.ts";

export interface AnthropicOptions extends AnthropicAddress {
  readonly model: string;
  readonly maxOutputTokens?: number;
  readonly effort?: string;
  /** False where the API is spoken by somebody else, who may only know marks on blocks. */
  readonly movingMark?: boolean;
}

/** The wire wants a limit; every model of today can say as much. */
const MAX_OUTPUT_TOKENS = 32_000;
/** How often a model may pause in one answer. */
const MAX_PAUSES = 5;

/** One of Anthropic's models, or one behind an API that speaks Anthropic's Messages. */
export function createAnthropicProvider(options: AnthropicOptions): Provider {
  const { baseUrl, model, maxOutputTokens = MAX_OUTPUT_TOKENS, effort } = options;
  const anthropic = anthropicClient(options);
  const origin = { wire: "anthropic", baseUrl, model };
  const settings: MessagesSettings = { origin, maxOutputTokens, effort };
  let dialect: MessagesDialect = {
    forcesCalls: true,
    shapes: true,
    efforts: true,
    movingMark: options.movingMark ?? true,
  };

  return {
    secrets: () => anthropic.secrets(),
    async ask(one) {
      const body = messagesRequest(one.request, settings, dialect);
      try {
        return await converse(anthropic, { body, settings }, one);
      } catch (error) {
        const failure = anthropicFailure(error);
        const learnt = failure instanceof Rejected ? learn(dialect, body, failure.why) : undefined;
        if (!learnt || one.signal.aborted) throw failure;
        dialect = learnt;
      }
      return this.ask(one);
    },
  };
}

interface Exchange {
  readonly body: MessageCreateParamsStreaming;
  readonly settings: MessagesSettings;
}

/** One answer, which a model may give with pauses. */
async function converse(
  { client }: AnthropicClient,
  { body, settings }: Exchange,
  { signal, heard, tell }: Try,
): Promise<ModelReply> {
  const joiner = createMessagesJoiner(tell);
  let messages = body.messages;
  for (let pauses = 0; pauses <= MAX_PAUSES; pauses += 1) {
    const response = await client.messages.create({ ...body, messages }, { signal }).asResponse();
    heard();
    for await (const piece of piecesOf(response, { streaming: true, heard })) joiner.add(piece);
    signal.throwIfAborted();
    if (!joiner.paused()) return joiner.reply(settings.origin);
    // It goes on from its own words, which are of kinds that the vendor itself sent.
    const content = joiner.content() as unknown as [];
    messages = [...body.messages, { role: "assistant", content }];
  }
  throw modelError("model.malformed", "The model paused again and again.");
}

/** The dialect to try next, or undefined where the refusal is about something else. */
function learn(
  dialect: MessagesDialect,
  { tool_choice, output_config }: MessageCreateParamsStreaming,
  { status, param, text }: Rejection,
): MessagesDialect | undefined {
  if (status !== 400) return undefined;
  const about = `${param} ${text}`;
  if (tool_choice?.type === "any" && /tool_choice|forces? tool use/i.test(about)) {
    return { ...dialect, forcesCalls: false };
  }
  if (output_config?.effort != null && /effort/i.test(about)) return { ...dialect, efforts: false };
  if (output_config?.format && /output_config|output_format|schema|structured/i.test(about)) {
    return { ...dialect, shapes: false };
  }
  if (dialect.movingMark && /cache_control/i.test(about)) return { ...dialect, movingMark: false };
  return undefined;
}
