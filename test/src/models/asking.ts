import { z } from "zod";
import type { Message, Model, ModelRequest, ToolDefinition } from "../../../src/core/model.ts";
import { type ModelSettings, openModel } from "../../../src/models/open-model.ts";
import type { Script } from "../../world/model/script.ts";

export const KEY = "sk-test-3f9a77c1";

/** A model at `url` that notes its waits instead of waiting. */
export function modelAt(
  url: string,
  options: Partial<ModelSettings> = {},
): { model: Model; waits: number[] } {
  const waits: number[] = [];
  const model = openModel({
    provider: "openai-chat",
    baseUrl: url,
    apiKey: KEY,
    model: "scripted",
    timeoutMs: 20_000,
    random: () => 0.5,
    wait: async (ms) => {
      waits.push(ms);
    },
    ...options,
  });
  return { model, waits };
}

export const readFile: ToolDefinition = {
  name: "read_file",
  description: "Reads one file.",
  input: z.strictObject({ path: z.string().min(1) }),
};

/** A request with one user message and one tool, unless told otherwise. */
export function asking(given: Partial<ModelRequest> = {}): ModelRequest {
  const messages: Message[] = [
    { role: "system", text: "You are terse." },
    { role: "user", text: "Say hello." },
  ];
  return { messages, tools: [readFile], mustCall: false, ...given };
}

/** A signal that never fires. */
export function patience(): AbortSignal {
  return new AbortController().signal;
}

const NO_STREAM = {
  status: 400,
  body: {
    error: {
      message: "Unknown parameter: 'stream_options'.",
      type: "invalid_request_error",
      param: "stream_options",
      code: "unknown_parameter",
    },
  },
};

/** A vendor that refuses to stream and otherwise follows the script. */
export function withoutStreaming(script: Script): Script {
  let count = 0;
  return (call) => (call.body.stream ? NO_STREAM : script({ ...call, index: count++ }));
}
