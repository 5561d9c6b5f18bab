import type {
  ContentBlockParam,
  MessageCreateParamsStreaming,
  MessageParam,
  TextBlockParam,
  Tool,
} from "@anthropic-ai/sdk/resources/messages";
import type { Message, ModelRequest, ToolDefinition } from "../../core/model.ts";
import { toolSchema } from "../json-schema.ts";
import { inWords } from "../output-in-words.ts";
import type { Origin } from "../vendor-part.ts";
import { wireCallId, wireText } from "../wire-text.ts";
import { assistantContent } from "./assistant-content.ts";
import { outputFormat } from "./output-format.ts";

/** What of a request does not change from call to call. */
export interface MessagesSettings {
  readonly origin: Origin;
  readonly maxOutputTokens: number;
  readonly effort: string | undefined;
}

/** Which parts of the protocol a model takes. */
export interface MessagesDialect {
  /** Some do not think and are forced to call in one request. */
  readonly forcesCalls: boolean;
  readonly shapes: boolean;
  readonly efforts: boolean;
  /** Whether one mark for the whole request does, which moves along with the history. */
  readonly movingMark: boolean;
}

const MARK = { cache_control: { type: "ephemeral" } } as const;

/** The body of one call, byte-identical for equal requests. */
export function messagesRequest(
  request: ModelRequest,
  settings: MessagesSettings,
  dialect: MessagesDialect,
): MessageCreateParamsStreaming {
  const { origin, maxOutputTokens } = settings;
  const turns = turnsOf(request.messages, origin);
  const { format, words } = shapeOf(request, dialect);
  if (words !== undefined) addText(turns, words);
  return {
    model: origin.model,
    max_tokens: maxOutputTokens,
    ...systemPart(request.messages),
    ...toolsPart(request, dialect),
    ...outputPart(format, dialect.efforts ? settings.effort : undefined),
    ...(dialect.movingMark
      ? { ...MARK, messages: turns.map(wireTurn) }
      : { messages: markedAtEnd(turns.map(wireTurn)) }),
    stream: true,
  };
}

interface Turn {
  readonly role: "user" | "assistant";
  readonly content: ContentBlockParam[];
}

/** Anthropic takes one system text at the head. A later one is told where it came, as words of a user. */
function systemPart(messages: readonly Message[]): { system?: TextBlockParam[] } {
  const texts = headOf(messages).flatMap(({ text }) => textBlocks(text));
  const last = texts.pop();
  return last ? { system: [...texts, { ...last, ...MARK }] } : {};
}

function headOf(messages: readonly Message[]): (Message & { role: "system" | "user" })[] {
  const head: (Message & { role: "system" | "user" })[] = [];
  for (const message of messages) {
    if (message.role !== "system") break;
    head.push(message);
  }
  return head;
}

/** Turns of user and assistant in exchange. All results of one turn's calls come first in the next one. */
function turnsOf(messages: readonly Message[], origin: Origin): Turn[] {
  const turns: Turn[] = [];
  for (const message of messages.slice(headOf(messages).length)) {
    const isAssistant = message.role === "assistant";
    const content = isAssistant ? assistantContent(message, origin) : userContent(message);
    if (content.length > 0) addTo(turns, isAssistant ? "assistant" : "user", content);
  }
  if (turns[0]?.role !== "user") turns.unshift({ role: "user", content: textBlocks("Begin.") });
  if (turns.at(-1)?.role === "assistant") addText(turns, "Go on.");
  return turns;
}

function userContent(message: Exclude<Message, { role: "assistant" }>): ContentBlockParam[] {
  switch (message.role) {
    case "user":
      return textBlocks(message.text);
    case "system":
      return textBlocks(message.text && `<system>\n${message.text}\n</system>`);
    case "tool": {
      const content = textBlocks(message.text);
      const result = { type: "tool_result", tool_use_id: wireCallId(message.callId) } as const;
      return [content.length === 0 ? result : { ...result, content }];
    }
    default:
      return message satisfies never;
  }
}

function addTo(turns: Turn[], role: Turn["role"], content: readonly ContentBlockParam[]): void {
  const last = turns.at(-1);
  if (last?.role === role) last.content.push(...content);
  else turns.push({ role, content: [...content] });
}

function addText(turns: Turn[], text: string): void {
  addTo(turns, "user", textBlocks(text));
}

/** Blank text is refused. */
function textBlocks(text: string): TextBlockParam[] {
  return text.trim() === "" ? [] : [{ type: "text", text: wireText(text) }];
}

function wireTurn({ role, content }: Turn): Turn {
  const isResult = ({ type }: ContentBlockParam) => type === "tool_result";
  return { role, content: content.toSorted((a, b) => Number(isResult(b)) - Number(isResult(a))) };
}

function markedAtEnd(turns: readonly Turn[]): MessageParam[] {
  return turns.map(({ role, content }, place) => {
    const last = content.at(-1);
    if (place < turns.length - 1 || !last) return { role, content };
    return { role, content: [...content.slice(0, -1), { ...last, ...MARK } as ContentBlockParam] };
  });
}

function toolsPart({ tools, mustCall }: ModelRequest, { forcesCalls }: MessagesDialect) {
  if (tools.length === 0) return {};
  const type = mustCall && forcesCalls ? "any" : "auto";
  return { tools: tools.map(wireTool), tool_choice: { type } } as const;
}

function wireTool({ name, description, input }: ToolDefinition): Tool {
  const input_schema = toolSchema(input);
  return description === ""
    ? { name, input_schema }
    : { name, description: wireText(description), input_schema };
}

function shapeOf({ output }: ModelRequest, { shapes }: MessagesDialect) {
  if (!output) return {};
  const format = shapes ? outputFormat(output) : undefined;
  return format ? { format } : { words: inWords(output) };
}

function outputPart(schema: Record<string, unknown> | undefined, effort: string | undefined) {
  if (!schema && effort === undefined) return {};
  return {
    output_config: {
      // The SDK's type knows only today's efforts.
      ...(effort === undefined ? {} : { effort: effort as "high" }),
      ...(schema ? { format: { type: "json_schema" as const, schema } } : {}),
    },
  };
}
