import {
  FunctionCallingConfigMode,
  type FunctionDeclaration,
  type GenerateContentConfig,
  type GenerateContentParameters,
  type ThinkingLevel,
} from "@google/genai";
import type { Message, ModelRequest, ToolDefinition } from "../../core/model.ts";
import { outputSchema, toolSchema } from "../json-schema.ts";
import { inWords } from "../output-in-words.ts";
import type { Origin } from "../vendor-part.ts";
import { wireText } from "../wire-text.ts";
import { contentsOf } from "./gemini-contents.ts";
import { geminiSchema } from "./gemini-schema.ts";

/** What of a request does not change from call to call. */
export interface GeminiSettings {
  readonly origin: Origin;
  readonly maxOutputTokens: number | undefined;
  readonly effort: string | undefined;
}

/** The parameters of one call, byte-identical for equal requests. Nothing in them makes a second call. */
export function geminiRequest(
  request: ModelRequest,
  { origin, maxOutputTokens, effort }: GeminiSettings,
): GenerateContentParameters {
  const { system, history } = parted(request);
  return {
    model: origin.model,
    contents: contentsOf(history, origin),
    config: {
      automaticContinuation: false,
      automaticFunctionCalling: { disable: true },
      ...(system.length === 0 ? {} : { systemInstruction: { parts: system } }),
      ...toolsPart(request),
      ...shapePart(request),
      ...(maxOutputTokens === undefined ? {} : { maxOutputTokens }),
      // The SDK's type knows the efforts of its day.
      ...(effort === undefined
        ? {}
        : {
            thinkingConfig: {
              includeThoughts: true,
              thinkingLevel: effort.toUpperCase() as ThinkingLevel,
            },
          }),
    },
  };
}

/** The wire has one place for system texts, before everything: later ones are words of the user. */
function parted({ messages, output, tools }: ModelRequest) {
  const isFirst = messages.findIndex(({ role }) => role !== "system");
  const count = isFirst === -1 ? messages.length : isFirst;
  const system = messages.slice(0, count).flatMap(wordsOf);
  const history: Message[] = messages.slice(count);
  if (output && tools.length > 0) history.push({ role: "user", text: inWords(output) });
  return { system, history };
}

function wordsOf(message: Message): { text: string }[] {
  return message.role === "system" && message.text !== "" ? [{ text: wireText(message.text) }] : [];
}

function toolsPart({ tools, mustCall }: ModelRequest): GenerateContentConfig {
  if (tools.length === 0) return {};
  return {
    tools: [{ functionDeclarations: tools.map(wireTool) }],
    ...(mustCall
      ? { toolConfig: { functionCallingConfig: { mode: FunctionCallingConfigMode.ANY } } }
      : {}),
  };
}

/** Not every Gemini takes a schema beside tools, so there the shape is told in words. */
function shapePart({ output, tools }: ModelRequest): GenerateContentConfig {
  if (!output || tools.length > 0) return {};
  return {
    responseMimeType: "application/json",
    responseJsonSchema: geminiSchema(outputSchema(output.schema)),
  };
}

function wireTool({ name, description, input }: ToolDefinition): FunctionDeclaration {
  return {
    name,
    ...(description === "" ? {} : { description }),
    parametersJsonSchema: geminiSchema(toolSchema(input)),
  };
}
