import { z } from "zod";
import { type Refusal, type Said, slices, type Trouble, type Wire } from "./wire.ts";

const Id = z.string().regex(/^[A-Za-z0-9_-]{1,64}$/);
const Name = z.string().regex(/^[A-Za-z0-9_-]{1,64}$/);

const EasyMessage = z.strictObject({
  role: z.enum(["user", "system", "developer", "assistant"]),
  content: z.string().min(1),
});
const Item = z.discriminatedUnion("type", [
  z.strictObject({
    type: z.literal("message"),
    id: Id,
    role: z.literal("assistant"),
    status: z.enum(["completed", "incomplete"]),
    content: z.array(z.looseObject({ type: z.literal("output_text"), text: z.string() })),
    phase: z.enum(["commentary", "final_answer"]).nullish(),
  }),
  z.strictObject({
    type: z.literal("reasoning"),
    id: Id,
    summary: z.array(z.strictObject({ type: z.literal("summary_text"), text: z.string() })),
    encrypted_content: z.string(),
    status: z.enum(["completed", "incomplete"]).optional(),
  }),
  z.strictObject({
    type: z.literal("function_call"),
    id: Id.optional(),
    call_id: Id,
    name: Name,
    arguments: z.string().refine((text) => isObject(text), "arguments must be a JSON object"),
    status: z.enum(["completed", "incomplete"]).optional(),
  }),
  z.strictObject({ type: z.literal("function_call_output"), call_id: Id, output: z.string() }),
]);
const Input = z.array(z.union([Item, EasyMessage])).min(1);

/** The body of POST /v1/responses as OpenAI takes it. */
const ResponsesRequest = z.strictObject({
  model: z.string().min(1),
  input: Input,
  tools: z
    .array(
      z.strictObject({
        type: z.literal("function"),
        name: Name,
        description: z.string().optional(),
        parameters: z.looseObject({ type: z.literal("object") }),
        strict: z.boolean(),
      }),
    )
    .min(1)
    .optional(),
  tool_choice: z.enum(["auto", "required"]).optional(),
  text: z
    .strictObject({
      format: z.strictObject({
        type: z.literal("json_schema"),
        name: Name,
        schema: z.looseObject({ type: z.literal("object") }),
        strict: z.boolean(),
      }),
    })
    .optional(),
  max_output_tokens: z.number().int().min(16).optional(),
  reasoning: z.strictObject({ effort: z.string() }).optional(),
  include: z.array(z.literal("reasoning.encrypted_content")).optional(),
  prompt_cache_key: z.string().optional(),
  store: z.literal(false),
  stream: z.literal(true),
});

function isObject(text: string): boolean {
  try {
    return z.record(z.string(), z.unknown()).safeParse(JSON.parse(text)).success;
  } catch {
    return false;
  }
}

/** OpenAI's Responses. */
export const openAiResponsesWire: Wire = {
  counts: ["written", "reasoning"],
  mistakes({ path, headers, body }) {
    if (path !== "/v1/responses") return [`No such route: ${path}`];
    const { data, error } = ResponsesRequest.safeParse(body);
    const found = error ? [z.prettifyError(error)] : unanswered(data.input);
    return /^Bearer \S+$/.test(String(headers.authorization)) ? found : [...found, "No key."];
  },
  stream: streamOf,
  refusal: (trouble, message) => ({ ...REFUSALS[trouble], body: errorOf(trouble, message) }),
  streamed(trouble, message) {
    const whole = streamOf({ text: "half of it" });
    const begun = whole.slice(0, whole.indexOf("event: response.output_text.done"));
    return begun + responsesEvent({ ...errorOf(trouble, message).error, type: "error" });
  },
};

/** Each call has its output, and no reasoning stands without what it led to. */
function unanswered(input: z.infer<typeof Input>): string[] {
  const calls = input.flatMap((item) =>
    "type" in item && item.type === "function_call" ? [item.call_id] : [],
  );
  const outputs = input.flatMap((item) =>
    "type" in item && item.type === "function_call_output" ? [item.call_id] : [],
  );
  const found = calls.toSorted().join() === outputs.toSorted().join() ? [] : ["No tool output."];
  const lonely = input.some((item, place) => {
    const next = input[place + 1];
    const isReasoning = "type" in item && item.type === "reasoning";
    return isReasoning && !(next && "type" in next && next.type !== "function_call_output");
  });
  return lonely ? [...found, "reasoning was provided without its required following item"] : found;
}

type Made = (index: number) => { readonly item: object; readonly events: readonly object[] };

function streamOf(said: Said): string {
  const { text = "", calls = [], reasoning, finish } = said;
  const refused = finish === "refusal";
  const made: readonly Made[] = [
    ...(reasoning === undefined ? [] : [reasoned(reasoning)]),
    ...(text === "" ? [] : [refused ? refusing(text) : spoken(text)]),
    ...calls.map(called),
  ];
  const items = made.map((make, index) => make(index));
  const response = {
    id: "resp_1",
    object: "response",
    model: said.model ?? "served-model",
    status: "in_progress",
    output: [],
    error: null,
    incomplete_details: null,
    usage: null,
  };
  return [
    responsesEvent({ type: "response.created", response }),
    responsesEvent({ type: "response.in_progress", response }),
    ...items.flatMap(({ events }) => events).map((event) => responsesEvent({ type: "", ...event })),
    responsesEvent(
      endOf(
        said,
        response,
        items.map(({ item }) => item),
      ),
    ),
  ].join("");
}

function endOf({ finish, usage }: Said, response: object, output: readonly object[]) {
  const ended = { ...response, status: "completed", output, usage: wireUsage(usage) };
  if (finish === "length") {
    const why = { status: "incomplete", incomplete_details: { reason: "max_output_tokens" } };
    return { type: "response.incomplete", response: { ...ended, ...why } };
  }
  if (finish === "context") {
    const error = { code: "context_length_exceeded", message: "Your input exceeds the window." };
    return { type: "response.failed", response: { ...ended, status: "failed", error } };
  }
  return { type: "response.completed", response: ended };
}

interface Begun {
  readonly item: object;
  /** What of it is not there yet when it is added. */
  readonly empty: object;
}

function around(index: number, { item, empty }: Begun, events: readonly object[]) {
  return {
    item,
    events: [
      { type: "response.output_item.added", output_index: index, item: { ...item, ...empty } },
      ...events.map((event) => ({ ...event, output_index: index })),
      { type: "response.output_item.done", output_index: index, item },
    ],
  };
}

function spoken(text: string): Made {
  const content = [{ type: "output_text", text, annotations: [], logprobs: [] }];
  const item = { type: "message", id: "msg_1", role: "assistant", status: "completed", content };
  const deltas = slices(text).map((delta) => ({ type: "response.output_text.delta", delta }));
  const events = [...deltas, { type: "response.output_text.done", text }];
  return (index) => around(index, { item, empty: { content: [] } }, events);
}

function refusing(refusal: string): Made {
  const content = [{ type: "refusal", refusal }];
  const item = { type: "message", id: "msg_1", role: "assistant", status: "completed", content };
  const deltas = slices(refusal).map((delta) => ({ type: "response.refusal.delta", delta }));
  return (index) => around(index, { item, empty: { content: [] } }, deltas);
}

function reasoned(text: string): Made {
  const summary = [{ type: "summary_text", text }];
  const item = { type: "reasoning", id: "rs_1", summary, encrypted_content: "c2VhbGVk==" };
  const type = "response.reasoning_summary_text.delta";
  const deltas = slices(text).map((delta) => ({ type, delta }));
  return (index) => around(index, { item, empty: { summary: [] } }, deltas);
}

function called({ id, name, json }: NonNullable<Said["calls"]>[number]): Made {
  return (index) => {
    const item = {
      type: "function_call",
      id: `fc_${index}`,
      call_id: id,
      name,
      arguments: json,
      status: "completed",
    };
    const type = "response.function_call_arguments.delta";
    const deltas = slices(json).map((delta) => ({ type, delta }));
    return around(index, { item, empty: { arguments: "", status: "in_progress" } }, deltas);
  };
}

function wireUsage(usage: Said["usage"]) {
  if (!usage) return null;
  const input = usage.input + usage.cached + usage.written;
  return {
    input_tokens: input,
    input_tokens_details: { cached_tokens: usage.cached, cache_write_tokens: usage.written },
    output_tokens: usage.output,
    output_tokens_details: { reasoning_tokens: usage.reasoning },
    total_tokens: input + usage.output,
  };
}

/** One server-sent event. */
export function responsesEvent(data: { readonly type: string } & Record<string, unknown>): string {
  return `event: ${data.type}\ndata: ${JSON.stringify(data)}\n\n`;
}

const REFUSALS: Readonly<Record<Trouble, Omit<Refusal, "body"> & { type: string; code?: string }>> =
  {
    auth: { status: 401, type: "invalid_request_error", code: "invalid_api_key" },
    forbidden: { status: 403, type: "permission_error" },
    "rate-limit": {
      status: 429,
      headers: { "retry-after": "7" },
      type: "tokens",
      code: "rate_limit_exceeded",
    },
    overloaded: { status: 503, type: "service_unavailable_error", code: "overloaded_error" },
    "server-error": { status: 500, type: "server_error", code: "server_error" },
    "too-long": { status: 400, type: "invalid_request_error", code: "context_length_exceeded" },
    "spend-limit": { status: 429, type: "insufficient_quota", code: "insufficient_quota" },
    "bad-request": { status: 400, type: "invalid_request_error" },
    "no-such-model": { status: 404, type: "invalid_request_error", code: "model_not_found" },
  };

function errorOf(trouble: Trouble, message: string) {
  const { type, code = null } = REFUSALS[trouble];
  return { error: { message, type, param: null, code } };
}
