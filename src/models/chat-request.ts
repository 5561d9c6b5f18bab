import type {
  ChatCompletionCreateParams,
  ChatCompletionFunctionTool,
  ChatCompletionMessageParam,
} from "openai/resources/chat/completions";
import { z } from "zod";
import type { Message, ModelRequest, ToolCall, ToolDefinition } from "../core/model.ts";
import type { Dialect } from "./dialect.ts";

/** What of a request does not change from call to call. */
export interface ChatSettings {
  readonly model: string;
  readonly maxOutputTokens: number | undefined;
}

/** What a vendor of thinking models gave us and wants back; meaningless to any other model. */
const VendorPart = z.object({ model: z.string(), reasoning_content: z.string() });

/** The body of one Chat Completions call, byte-identical for equal requests. */
export function chatRequest(
  request: ModelRequest,
  settings: ChatSettings,
  dialect: Dialect,
): ChatCompletionCreateParams {
  return {
    model: settings.model,
    messages: request.messages.map((message) => wireMessage(message, settings.model)),
    ...toolsPart(request, dialect),
    ...(settings.maxOutputTokens === undefined
      ? {}
      : { [dialect.limitName]: settings.maxOutputTokens }),
    ...(dialect.streams
      ? { stream: true, stream_options: { include_usage: true } }
      : { stream: false }),
  };
}

function toolsPart({ tools, mustCall }: ModelRequest, dialect: Dialect) {
  if (tools.length === 0) return {};
  const choice = mustCall && dialect.requiresCalls ? "required" : "auto";
  return { tools: tools.map(wireTool), tool_choice: choice } as const;
}

function wireTool({ name, description, input }: ToolDefinition): ChatCompletionFunctionTool {
  // Vendors take plain JSON Schema and some stumble over the dialect's address.
  const { $schema: _, ...parameters } = z.toJSONSchema(input, {
    target: "draft-7",
    io: "input",
    unrepresentable: "any",
  });
  return { type: "function", function: { name, description, parameters } };
}

function wireMessage(message: Message, model: string): ChatCompletionMessageParam {
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
        ...vendorPart(message.vendor, model),
      };
    default:
      return message satisfies never;
  }
}

/** Half a surrogate pair, as cut text has it, is JSON that some vendors refuse. */
function wireText(text: string): string {
  return text.toWellFormed();
}

function wireCall({ id, name, input }: ToolCall) {
  return { id, type: "function" as const, function: { name, arguments: wireInput(input) } };
}

/** Some vendors parse the arguments in the history, so a model's broken JSON goes back quoted. */
function wireInput(input: string): string {
  return isJsonObject(input) ? wireText(input) : JSON.stringify({ unreadable: wireText(input) });
}

function isJsonObject(text: string): boolean {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === "object" && value !== null && !Array.isArray(value);
  } catch {
    return false;
  }
}

function vendorPart(vendor: unknown, model: string): { reasoning_content?: string } {
  const { data } = VendorPart.safeParse(vendor);
  return data?.model === model ? { reasoning_content: data.reasoning_content } : {};
}
