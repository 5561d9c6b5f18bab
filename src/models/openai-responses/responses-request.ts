import type {
  FunctionTool,
  ResponseCreateParamsStreaming,
  ResponseInputItem,
} from "openai/resources/responses/responses";
import type { Message, ModelRequest, OutputShape, ToolDefinition } from "../../core/model.ts";
import { outputSchema, toolSchema } from "../json-schema.ts";
import { inWords } from "../output-in-words.ts";
import { strictness } from "../strictness.ts";
import type { Origin } from "../vendor-part.ts";
import { wireCallId, wireText } from "../wire-text.ts";
import { assistantItems } from "./assistant-items.ts";

/** What of a request does not change from call to call. */
export interface ResponsesSettings {
  readonly origin: Origin;
  readonly maxOutputTokens: number | undefined;
  readonly effort: string | undefined;
}

/** Which optional parts of the protocol a model takes. */
export interface ResponsesDialect {
  /** Whether it hands out its reasoning, sealed, to be handed back. */
  readonly sealsReasoning: boolean;
  readonly efforts: boolean;
  readonly shapes: boolean;
  readonly cacheKeys: boolean;
}

/** The body of one call, byte-identical for equal requests. Nothing of it stays with the vendor. */
export function responsesRequest(
  request: ModelRequest,
  settings: ResponsesSettings,
  dialect: ResponsesDialect,
): ResponseCreateParamsStreaming {
  const { origin, maxOutputTokens, effort } = settings;
  const { cacheKey } = request;
  return {
    model: origin.model,
    input: inputOf(request, origin, dialect),
    ...toolsPart(request),
    ...shapePart(request, dialect),
    ...(maxOutputTokens === undefined ? {} : { max_output_tokens: maxOutputTokens }),
    // The SDK's type knows only today's efforts.
    ...(effort !== undefined && dialect.efforts ? { reasoning: { effort: effort as "high" } } : {}),
    ...(dialect.sealsReasoning ? { include: ["reasoning.encrypted_content"] } : {}),
    ...(cacheKey !== undefined && dialect.cacheKeys ? { prompt_cache_key: cacheKey } : {}),
    store: false,
    stream: true,
  };
}

function inputOf(
  { messages, output }: ModelRequest,
  origin: Origin,
  { shapes }: ResponsesDialect,
): ResponseInputItem[] {
  const input = messages.flatMap((message) => wireItems(message, origin));
  if (output && !(shapes && isObjectShape(output)))
    input.push({ role: "user", content: inWords(output) });
  return input;
}

function wireItems(message: Message, origin: Origin): ResponseInputItem[] {
  switch (message.role) {
    case "system":
    case "user":
      return message.text === "" ? [] : [{ role: message.role, content: wireText(message.text) }];
    case "tool": {
      const output = wireText(message.text);
      return [{ type: "function_call_output", call_id: wireCallId(message.callId), output }];
    }
    case "assistant":
      return assistantItems(message, origin);
    default:
      return message satisfies never;
  }
}

type Params = ResponseCreateParamsStreaming;

function toolsPart({ tools, mustCall }: ModelRequest): Pick<Params, "tools" | "tool_choice"> {
  if (tools.length === 0) return {};
  return { tools: tools.map(wireTool), tool_choice: mustCall ? "required" : "auto" };
}

function wireTool({ name, description, input }: ToolDefinition): FunctionTool {
  // Strict unless told otherwise, and strict takes few schemas.
  return { type: "function", name, description, parameters: toolSchema(input), strict: false };
}

/** A root that is no object is refused even as a wish. */
function isObjectShape({ schema }: OutputShape): boolean {
  return outputSchema(schema).type === "object";
}

function shapePart({ output }: ModelRequest, { shapes }: ResponsesDialect): Pick<Params, "text"> {
  if (!output || !shapes || !isObjectShape(output)) return {};
  const schema = outputSchema(output.schema);
  const { name } = output;
  return { text: { format: { type: "json_schema", name, schema, strict: strictness(schema) } } };
}
