import { z } from "zod";
import { ChatRequest } from "./chat-wire.ts";
import { streamBody } from "./completion.ts";
import type { Refusal, Said, Trouble, Wire } from "./wire.ts";

/** OpenAI's Chat Completions. */
export const openAiChatWire: Wire = {
  counts: ["written", "reasoning"],
  mistakes({ path, headers, body }) {
    if (path !== "/v1/chat/completions") return [`No such route: ${path}`];
    const { error } = ChatRequest.safeParse(body);
    const found = error ? [z.prettifyError(error)] : [];
    return /^Bearer \S+$/.test(String(headers.authorization)) ? found : [...found, "No key."];
  },
  stream: (said) => streamBody(completionOf(said), true),
  refusal: (trouble, message) => ({ ...REFUSALS[trouble], body: errorOf(trouble, message) }),
  streamed: (trouble, message) =>
    `${begun()}data: ${JSON.stringify(errorOf(trouble, message))}\n\ndata: [DONE]\n\n`,
};

function begun(): string {
  const choices = [{ index: 0, delta: { content: "half of" }, finish_reason: null }];
  return `data: ${JSON.stringify({ id: "c", model: "served-model", choices })}\n\n`;
}

const FINISH = { length: "length", refusal: "stop", context: "model_context_window_exceeded" };

function completionOf(said: Said): Parameters<typeof streamBody>[0] {
  const { text = "", calls = [], usage, finish, reasoning } = said;
  const usual = calls.length > 0 ? "tool_calls" : "stop";
  return {
    id: "chatcmpl-1",
    model: said.model ?? "served-model",
    text: finish === "refusal" ? "" : text,
    calls: calls.map(({ id, name, json }) => ({
      id,
      type: "function",
      function: { name, arguments: json },
    })),
    finish: finish ? FINISH[finish] : usual,
    usage: usage ? wireUsage(usage) : null,
    refusal: finish === "refusal" ? text : null,
    reasoning,
  };
}

function wireUsage(usage: NonNullable<Said["usage"]>) {
  const prompt = usage.input + usage.cached + usage.written;
  return {
    prompt_tokens: prompt,
    completion_tokens: usage.output,
    total_tokens: prompt + usage.output,
    prompt_tokens_details: { cached_tokens: usage.cached, cache_write_tokens: usage.written },
    completion_tokens_details: { reasoning_tokens: usage.reasoning },
  };
}

const REFUSALS: Readonly<Record<Trouble, Omit<Refusal, "body"> & { type: string; code?: string }>> =
  {
    auth: { status: 401, type: "invalid_request_error", code: "invalid_api_key" },
    forbidden: { status: 403, type: "permission_error" },
    "rate-limit": {
      status: 429,
      headers: { "retry-after": "7" },
      type: "requests",
      code: "rate_limit_exceeded",
    },
    overloaded: { status: 503, type: "server_error", code: "overloaded_error" },
    "server-error": { status: 500, type: "server_error" },
    "too-long": { status: 400, type: "invalid_request_error", code: "context_length_exceeded" },
    "spend-limit": { status: 429, type: "insufficient_quota", code: "insufficient_quota" },
    "bad-request": { status: 400, type: "invalid_request_error" },
    "no-such-model": { status: 404, type: "invalid_request_error", code: "model_not_found" },
  };

function errorOf(trouble: Trouble, message: string) {
  const { type, code = null } = REFUSALS[trouble];
  return { error: { message, type, param: null, code } };
}
