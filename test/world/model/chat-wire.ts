import { z } from "zod";

/** Content as one text or as parts of text. */
const Content = z.union([
  z.string(),
  z.array(z.strictObject({ type: z.literal("text"), text: z.string() })).min(1),
]);

const Name = z.string().regex(/^[A-Za-z0-9_-]{1,64}$/);

const WireCall = z.strictObject({
  id: z.string().min(1),
  type: z.literal("function"),
  function: z.strictObject({ name: Name, arguments: z.string() }),
});

const WireMessage = z.discriminatedUnion("role", [
  z.strictObject({ role: z.literal("system"), content: Content, name: z.string().optional() }),
  z.strictObject({ role: z.literal("developer"), content: Content, name: z.string().optional() }),
  z.strictObject({ role: z.literal("user"), content: Content, name: z.string().optional() }),
  z
    .strictObject({
      role: z.literal("assistant"),
      content: Content.nullish(),
      tool_calls: z.array(WireCall).min(1).optional(),
      refusal: z.string().nullish(),
      /** Not OpenAI's: vendors of thinking models want it back. */
      reasoning_content: z.string().optional(),
    })
    .refine((message) => message.content != null || message.tool_calls !== undefined, {
      error: "an assistant message has content or tool_calls",
    }),
  z.strictObject({ role: z.literal("tool"), content: Content, tool_call_id: z.string().min(1) }),
]);
export type WireMessage = z.infer<typeof WireMessage>;

const WireTool = z.strictObject({
  type: z.literal("function"),
  function: z.strictObject({
    name: Name,
    description: z.string().optional(),
    parameters: z.looseObject({ type: z.literal("object") }).optional(),
    strict: z.boolean().nullish(),
  }),
});

const ToolChoice = z.union([
  z.enum(["none", "auto", "required"]),
  z.strictObject({ type: z.literal("function"), function: z.strictObject({ name: Name }) }),
]);

const Tokens = z.number().int().positive();

const ResponseFormat = z.discriminatedUnion("type", [
  z.strictObject({ type: z.literal("text") }),
  z.strictObject({ type: z.literal("json_object") }),
  z.strictObject({
    type: z.literal("json_schema"),
    json_schema: z.strictObject({
      name: Name,
      description: z.string().optional(),
      schema: z.looseObject({}).optional(),
      strict: z.boolean().nullish(),
    }),
  }),
]);

/** The body of POST /chat/completions as OpenAI takes it: an argument it does not know is a mistake. */
export const ChatRequest = z
  .strictObject({
    model: z.string().min(1),
    messages: z.array(WireMessage).min(1),
    tools: z.array(WireTool).min(1).max(128).optional(),
    tool_choice: ToolChoice.optional(),
    parallel_tool_calls: z.boolean().optional(),
    stream: z.boolean().nullish(),
    stream_options: z.strictObject({ include_usage: z.boolean().optional() }).nullish(),
    max_tokens: Tokens.nullish(),
    max_completion_tokens: Tokens.nullish(),
    temperature: z.number().min(0).max(2).nullish(),
    top_p: z.number().min(0).max(1).nullish(),
    seed: z.number().int().nullish(),
    stop: z.union([z.string(), z.array(z.string()).max(4)]).nullish(),
    n: z.literal(1).nullish(),
    response_format: ResponseFormat.optional(),
    reasoning_effort: z.string().nullish(),
    prompt_cache_key: z.string().optional(),
    safety_identifier: z.string().optional(),
    store: z.boolean().nullish(),
    metadata: z.record(z.string(), z.string()).nullish(),
  })
  .check(({ value, issues }) => {
    for (const message of mistakes(value)) issues.push({ code: "custom", message, input: value });
  });
export type ChatRequest = z.infer<typeof ChatRequest>;

/** Tokens as OpenAI reports them. */
export interface WireUsage {
  readonly prompt_tokens?: number | null;
  readonly completion_tokens?: number | null;
  readonly total_tokens?: number | null;
  readonly prompt_tokens_details?: {
    readonly cached_tokens?: number | null;
    readonly cache_write_tokens?: number | null;
  } | null;
  readonly completion_tokens_details?: { readonly reasoning_tokens?: number | null } | null;
}

/** The text of a message, its parts joined. */
export function textOf(message: WireMessage): string {
  const { content } = message;
  if (typeof content === "string") return content;
  return content?.map(({ text }) => text).join("") ?? "";
}

/** Rules between the fields, in the words OpenAI uses for them. */
function mistakes(body: {
  messages: readonly WireMessage[];
  tools?: readonly z.infer<typeof WireTool>[] | undefined;
  tool_choice?: z.infer<typeof ToolChoice> | undefined;
  stream?: boolean | null | undefined;
  stream_options?: unknown;
  max_tokens?: number | null | undefined;
  max_completion_tokens?: number | null | undefined;
}): string[] {
  const { tools, tool_choice: choice } = body;
  const names = (tools ?? []).map((tool) => tool.function.name);
  const found: string[] = unanswered(body.messages);
  if (choice !== undefined && !tools) {
    found.push("'tool_choice' is only allowed when 'tools' are specified.");
  }
  if (typeof choice === "object" && !names.includes(choice.function.name)) {
    found.push(`Tool choice '${choice.function.name}' not found in 'tools' parameter.`);
  }
  if (new Set(names).size < names.length) found.push("Tool names must be unique.");
  if (body.stream_options != null && body.stream !== true) {
    found.push("The 'stream_options' parameter is only allowed when 'stream' is enabled.");
  }
  if (body.max_tokens != null && body.max_completion_tokens != null) {
    found.push(
      "Setting 'max_tokens' and 'max_completion_tokens' at the same time is not supported.",
    );
  }
  return found;
}

/** Every call is answered by the tool messages right after it, and nothing else is. */
function unanswered(messages: readonly WireMessage[]): string[] {
  const found: string[] = [];
  let open = new Set<string>();
  for (const message of messages) {
    if (message.role === "tool") {
      if (!open.delete(message.tool_call_id)) {
        found.push(
          `A tool message answers '${message.tool_call_id}', which no preceding call has.`,
        );
      }
      continue;
    }
    found.push(...withoutAnswer(open));
    const calls = message.role === "assistant" ? (message.tool_calls ?? []) : [];
    open = new Set(calls.map(({ id }) => id));
    if (open.size < calls.length) found.push("Two tool calls have the same id.");
  }
  return [...found, ...withoutAnswer(open)];
}

function withoutAnswer(open: ReadonlySet<string>): string[] {
  return [...open].map((id) => `The tool call '${id}' has no tool message after it.`);
}
