import type {
  ChatCompletionCreateParams,
  ChatCompletionFunctionTool,
  ChatCompletionMessageParam,
} from "openai/resources/chat/completions";
import { z } from "zod";
import type { Message, ModelRequest, ToolCall, ToolDefinition } from "../../core/model.ts";
import { outputSchema, toolSchema } from "../json-schema.ts";
import { inWords } from "../output-in-words.ts";
import { strictness } from "../strictness.ts";
import { type Origin, ownPart } from "../vendor-part.ts";
import { wireArguments, wireText } from "../wire-text.ts";
import type { Dialect } from "./dialect.ts";

/** What of a request does not change from call to call. */
export interface ChatSettings {
  readonly origin: Origin;
  readonly maxOutputTokens: number | undefined;
  readonly effort: string | undefined;
}

/** What a vendor of thinking models gave us and wants back. */
const Reasoning = z.object({ reasoning_content: z.string() });

/** The body of one Chat Completions call, byte-identical for equal requests. */
export function chatRequest(
  request: ModelRequest,
  settings: ChatSettings,
  dialect: Dialect,
): ChatCompletionCreateParams {
  const { origin, maxOutputTokens, effort } = settings;
  const { cacheKey } = request;
  return {
    model: origin.model,
    messages: wireMessages(request, origin, dialect),
    ...toolsPart(request, dialect),
    ...shapePart(request, dialect),
    ...(maxOutputTokens === undefined ? {} : { [dialect.limitName]: maxOutputTokens }),
    // The SDK's type knows only OpenAI's efforts.
    ...(effort === undefined ? {} : { reasoning_effort: effort as "high" }),
    ...(cacheKey !== undefined && dialect.cacheKeys ? { prompt_cache_key: cacheKey } : {}),
    ...(dialect.streams
      ? { stream: true, stream_options: { include_usage: true } }
      : { stream: false }),
  };
}

function wireMessages(
  { messages, output }: ModelRequest,
  origin: Origin,
  dialect: Dialect,
): ChatCompletionMessageParam[] {
  const wire = messages.map((message) => wireMessage(message, origin));
  if (output && dialect.shape !== "schema") wire.push({ role: "user", content: inWords(output) });
  return dialect.cacheMarks ? marked(wire) : wire;
}

function toolsPart({ tools, mustCall }: ModelRequest, dialect: Dialect) {
  if (tools.length === 0) return {};
  const choice = mustCall && dialect.requiresCalls ? "required" : "auto";
  return { tools: tools.map(wireTool), tool_choice: choice } as const;
}

function shapePart({ output }: ModelRequest, { shape }: Dialect) {
  if (!output || shape === "words") return {};
  if (shape === "object") return { response_format: { type: "json_object" } } as const;
  const schema = outputSchema(output.schema);
  const json_schema = { name: output.name, schema, strict: strictness(schema) };
  return { response_format: { type: "json_schema", json_schema } } as const;
}

function wireTool({ name, description, input }: ToolDefinition): ChatCompletionFunctionTool {
  return { type: "function", function: { name, description, parameters: toolSchema(input) } };
}

function wireMessage(message: Message, origin: Origin): ChatCompletionMessageParam {
  switch (message.role) {
    case "system":
    case "user":
      return { role: message.role, content: wireText(message.text) };
    case "tool":
      return { role: "tool", tool_call_id: message.callId, content: wireText(message.text) };
    case "assistant":
      return {
        role: "assistant",
        content: message.text === "" && message.calls.length > 0 ? null : wireText(message.text),
        ...(message.calls.length === 0 ? {} : { tool_calls: message.calls.map(wireCall) }),
        ...Reasoning.safeParse(ownPart(origin, message.vendor)).data,
      };
    default:
      return message satisfies never;
  }
}

function wireCall({ id, name, input }: ToolCall) {
  return { id, type: "function" as const, function: { name, arguments: wireArguments(input) } };
}

/** Marks the end of the system text, which all requests share, and the end of the history so far. */
function marked(messages: ChatCompletionMessageParam[]): ChatCompletionMessageParam[] {
  const lastSystem = messages.findLastIndex(({ role }) => role === "system");
  return messages.map((message, place) => {
    const isMarked = place === lastSystem || place === messages.length - 1;
    if (!isMarked || typeof message.content !== "string" || message.content === "") return message;
    // OpenRouter's own field: the SDK's types do not know it.
    const part = { type: "text", text: message.content, cache_control: { type: "ephemeral" } };
    return { ...message, content: [part] } as ChatCompletionMessageParam;
  });
}
