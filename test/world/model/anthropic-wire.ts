import { z } from "zod";
import {
  type Refusal,
  type Said,
  slices,
  type Trouble,
  type Wire,
  type WireRequest,
} from "./wire.ts";

const Mark = z.strictObject({ type: z.literal("ephemeral"), ttl: z.enum(["5m", "1h"]).optional() });
const Id = z.string().regex(/^[A-Za-z0-9_-]{1,64}$/);
const TextBlock = z.strictObject({
  type: z.literal("text"),
  text: z.string().regex(/\S/, "text content blocks must contain non-whitespace text"),
  cache_control: Mark.optional(),
});
const ToolResult = z.strictObject({
  type: z.literal("tool_result"),
  tool_use_id: Id,
  content: z.array(TextBlock).min(1).optional(),
  is_error: z.boolean().optional(),
  cache_control: Mark.optional(),
});
const ToolUse = z.strictObject({
  type: z.literal("tool_use"),
  id: Id,
  name: z.string().regex(/^[A-Za-z0-9_-]{1,128}$/),
  input: z.record(z.string(), z.unknown()),
  cache_control: Mark.optional(),
});
const Thinking = z.strictObject({
  type: z.literal("thinking"),
  thinking: z.string(),
  signature: z.string(),
});
const Redacted = z.strictObject({ type: z.literal("redacted_thinking"), data: z.string() });
const Message = z.discriminatedUnion("role", [
  z.strictObject({
    role: z.literal("user"),
    content: z.array(z.discriminatedUnion("type", [TextBlock, ToolResult])).min(1),
  }),
  z.strictObject({
    role: z.literal("assistant"),
    content: z.array(z.discriminatedUnion("type", [TextBlock, ToolUse, Thinking, Redacted])).min(1),
  }),
]);
type Message = z.infer<typeof Message>;

/** The body of POST /v1/messages as Anthropic takes it from a client of 2026. */
const MessagesRequest = z.strictObject({
  model: z.string().min(1),
  max_tokens: z.number().int().positive(),
  messages: z.array(Message).min(1),
  system: z.array(TextBlock).min(1).optional(),
  cache_control: Mark.optional(),
  tools: z
    .array(
      z.strictObject({
        name: z.string().regex(/^[A-Za-z0-9_-]{1,128}$/),
        description: z.string().min(1).optional(),
        input_schema: z
          .looseObject({ type: z.literal("object") })
          .refine((s) => !("anyOf" in s || "oneOf" in s || "allOf" in s), "no choice at the root"),
      }),
    )
    .min(1)
    .optional(),
  tool_choice: z.strictObject({ type: z.enum(["auto", "any"]) }).optional(),
  output_config: z
    .strictObject({
      effort: z.enum(["low", "medium", "high", "xhigh", "max"]).optional(),
      format: z
        .strictObject({
          type: z.literal("json_schema"),
          schema: z.looseObject({}).refine(isClosed, "additionalProperties must be false"),
        })
        .optional(),
    })
    .optional(),
  stream: z.literal(true),
});

function isClosed(schema: unknown): boolean {
  if (typeof schema !== "object" || schema === null) return true;
  const { type, additionalProperties } = schema as Record<string, unknown>;
  if (type === "object" && additionalProperties !== false) return false;
  if ("minLength" in schema || "minimum" in schema || "maxItems" in schema) return false;
  return Object.values(schema).every(isClosed);
}

/** Anthropic's Messages. */
export const anthropicWire: Wire = {
  counts: ["written", "reasoning"],
  mistakes({ path, headers, body }) {
    if (path !== "/v1/messages") return [`No such route: ${path}`];
    const { data, error } = MessagesRequest.safeParse(body);
    const found = error ? [z.prettifyError(error)] : between(data.messages);
    return [...found, ...headerMistakes(headers)];
  },
  stream: streamOf,
  refusal: (trouble, message) => ({ ...REFUSALS[trouble], body: errorOf(trouble, message) }),
  streamed(trouble, message) {
    const whole = streamOf({ text: "half of it" });
    const begun = whole.slice(0, whole.indexOf("event: content_block_stop"));
    return begun + event(errorOf(trouble, message));
  },
};

function headerMistakes(headers: WireRequest["headers"]): string[] {
  const found: string[] = [];
  if (!/^Bearer \S+$/.test(String(headers.authorization))) found.push("No key.");
  if (headers["anthropic-version"] !== "2026-10-21") found.push("anthropic-version is missing.");
  return found;
}

/** Roles take turns, and each call of a turn is answered at the head of the next one. */
function between(messages: readonly Message[]): string[] {
  const found: string[] = [];
  let open: string[] = [];
  for (const [place, { role, content }] of messages.entries()) {
    if (role !== (place % 2 === 0 ? "user" : "assistant")) found.push("Roles must alternate.");
    const results = content.flatMap((b) => (b.type === "tool_result" ? [b.tool_use_id] : []));
    if (content.slice(0, results.length).some(({ type }) => type !== "tool_result")) {
      found.push("tool_result blocks must come first.");
    }
    if (results.toSorted().join() !== open.toSorted().join()) {
      found.push(
        `tool_use ids without tool_result blocks: ${open.join()} against ${results.join()}`,
      );
    }
    open = content.flatMap((b) => (b.type === "tool_use" ? [b.id] : []));
  }
  if (messages.at(-1)?.role === "assistant") found.push("Prefill is not supported.");
  return open.length > 0 ? [...found, "The last calls are not answered."] : found;
}

const FINISH = {
  length: "max_tokens",
  refusal: "refusal",
  context: "model_context_window_exceeded",
};

function streamOf(said: Said): string {
  const { text = "", calls = [], reasoning, finish, usage } = said;
  const blocks = [
    ...(reasoning === undefined ? [] : [thinkingEvents(reasoning)]),
    ...(text === "" ? [] : [textEvents(text)]),
    ...calls.map(callEvents),
  ];
  const usual = calls.length > 0 ? "tool_use" : "end_turn";
  const message = {
    id: "msg_1",
    type: "message",
    role: "assistant",
    model: said.model ?? "served-model",
    content: [],
    stop_reason: null,
    stop_sequence: null,
    usage: { ...wireUsage(usage), output_tokens: 1, output_tokens_details: null },
  };
  return [
    event({ type: "message_start", message }),
    event({ type: "ping" }),
    ...blocks.flatMap((make, index) => make(index)),
    event({
      type: "message_delta",
      delta: { stop_reason: finish ? FINISH[finish] : usual, stop_sequence: null },
      usage: { ...wireUsage(usage), input_tokens: null, cache_read_input_tokens: null },
    }),
    event({ type: "message_stop" }),
  ].join("");
}

type Events = (index: number) => string[];

function block(index: number, content_block: object, deltas: readonly object[]): string[] {
  return [
    event({ type: "content_block_start", index, content_block }),
    ...deltas.map((delta) => event({ type: "content_block_delta", index, delta })),
    event({ type: "content_block_stop", index }),
  ];
}

function textEvents(text: string): Events {
  const deltas = slices(text).map((piece) => ({ type: "text_delta", text: piece }));
  return (index) => block(index, { type: "text", text: "" }, deltas);
}

function thinkingEvents(text: string): Events {
  const deltas = slices(text).map((piece) => ({ type: "thinking_delta", thinking: piece }));
  const signed = [...deltas, { type: "signature_delta", signature: "c2lnbmVk" }];
  return (index) => block(index, { type: "thinking", thinking: "", signature: "" }, signed);
}

function callEvents({ id, name, json }: NonNullable<Said["calls"]>[number]): Events {
  const deltas = slices(json).map((partial_json) => ({ type: "input_json_delta", partial_json }));
  return (index) => block(index, { type: "tool_use", id, name, input: {} }, deltas);
}

function wireUsage(usage: Said["usage"]) {
  return {
    input_tokens: usage?.input ?? 1,
    cache_read_input_tokens: usage?.cached ?? 0,
    cache_creation_input_tokens: usage?.written ?? 0,
    output_tokens: usage?.output ?? 1,
    output_tokens_details: { thinking_tokens: usage?.reasoning ?? 0 },
  };
}

/** One server-sent event. */
export function event(data: { readonly type: string } & Record<string, unknown>): string {
  return `event: ${data.type}\ndata: ${JSON.stringify(data)}\n\n`;
}

const REFUSALS: Readonly<Record<Trouble, Omit<Refusal, "body"> & { type: string }>> = {
  auth: { status: 401, type: "authentication_error" },
  forbidden: { status: 403, type: "permission_error" },
  "rate-limit": { status: 429, headers: { "retry-after": "7" }, type: "rate_limit_error" },
  overloaded: { status: 529, type: "overloaded_error" },
  "server-error": { status: 500, type: "api_error" },
  "too-long": { status: 400, type: "invalid_request_error" },
  "spend-limit": { status: 400, type: "invalid_request_error" },
  "bad-request": { status: 400, type: "invalid_request_error" },
  "no-such-model": { status: 404, type: "not_found_error" },
};

function errorOf(trouble: Trouble, message: string) {
  const { type } = REFUSALS[trouble];
  return { type: "error", error: { type, message }, request_id: "req_1" };
}
