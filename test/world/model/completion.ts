import type { ChatRequest, WireUsage } from "./chat-wire.ts";
import type { Answer, ScriptedCall } from "./script.ts";

interface WireCall {
  readonly id: string;
  readonly type: "function";
  readonly function: { readonly name: string; readonly arguments: string };
}

/** An answer with everything decided, before it takes one of its two forms. */
export interface Completion {
  readonly id: string;
  readonly model: string;
  readonly text: string;
  readonly calls: readonly WireCall[];
  readonly finish: string;
  readonly usage: WireUsage | null;
  readonly refusal: string | null;
  readonly reasoning: string | undefined;
}

/** Fills in what a script left open. Equal requests with equal numbers get equal answers. */
export function completion(answer: Answer, body: ChatRequest, index: number): Completion {
  const calls = (answer.calls ?? []).map((call, place) => wireCall(call, `call_${index}_${place}`));
  const text = answer.text ?? "";
  return {
    id: `chatcmpl-${index}`,
    model: body.model,
    text,
    calls,
    finish: answer.finish ?? (calls.length > 0 ? "tool_calls" : "stop"),
    usage: answer.usage === undefined ? counted(body, text, calls) : answer.usage,
    refusal: answer.refusal ?? null,
    reasoning: answer.reasoning,
  };
}

function wireCall({ id, name, input = {}, rawJson }: ScriptedCall, ownId: string): WireCall {
  return {
    id: id ?? ownId,
    type: "function",
    function: { name, arguments: rawJson ?? JSON.stringify(input) },
  };
}

function counted(body: ChatRequest, text: string, calls: readonly WireCall[]): WireUsage {
  const prompt = Math.ceil(JSON.stringify(body.messages).length / 4);
  const output = Math.ceil((text.length + JSON.stringify(calls).length) / 4);
  return {
    prompt_tokens: prompt,
    completion_tokens: output,
    total_tokens: prompt + output,
    prompt_tokens_details: { cached_tokens: 0 },
  };
}

/** The whole answer in one body. */
export function plainBody(of: Completion): string {
  const { id, model, text, calls, finish, usage, refusal, reasoning } = of;
  const message = {
    role: "assistant",
    content: text === "" && (calls.length > 0 || refusal !== null) ? null : text,
    refusal,
    ...(reasoning === undefined ? {} : { reasoning_content: reasoning }),
    ...(calls.length === 0 ? {} : { tool_calls: calls }),
  };
  return JSON.stringify({
    id,
    object: "chat.completion",
    created: 0,
    model,
    choices: [{ index: 0, message, logprobs: null, finish_reason: finish }],
    ...(usage === null ? {} : { usage }),
  });
}

/** The same answer as server-sent events, text and arguments in small pieces. */
export function streamBody(of: Completion, includeUsage: boolean): string {
  const deltas = [
    {
      role: "assistant",
      content: of.calls.length > 0 && of.text === "" ? null : "",
      refusal: null,
    },
    ...slices(of.reasoning ?? "").map((reasoning_content) => ({ reasoning_content })),
    ...slices(of.text).map((content) => ({ content })),
    ...slices(of.refusal ?? "").map((refusal) => ({ refusal })),
    ...of.calls.flatMap((call, index) => callDeltas(call, index)),
  ];
  const choices: unknown[][] = [
    ...deltas.map((delta) => [{ index: 0, delta, logprobs: null, finish_reason: null }]),
    [{ index: 0, delta: {}, logprobs: null, finish_reason: of.finish }],
  ];
  const hasUsage = includeUsage && of.usage !== null;
  const head = { id: of.id, object: "chat.completion.chunk", created: 0, model: of.model };
  const chunks = choices.map((choice) => ({
    ...head,
    choices: choice,
    ...(hasUsage ? { usage: null } : {}),
  }));
  const last = hasUsage ? [{ ...head, choices: [], usage: of.usage }] : [];
  const events = [...chunks, ...last].map((chunk) => `data: ${JSON.stringify(chunk)}\n\n`);
  return `${events.join("")}data: [DONE]\n\n`;
}

/** The first piece has id and name, the others only more of the arguments. */
function callDeltas(call: WireCall, index: number): object[] {
  const { name, arguments: input } = call.function;
  const head = { index, id: call.id, type: call.type, function: { name, arguments: "" } };
  const rest = slices(input).map((part) => ({ index, function: { arguments: part } }));
  return [head, ...rest].map((piece) => ({ tool_calls: [piece] }));
}

/** Pieces of seven code units, or larger ones for long text: they also cut escapes and surrogate pairs. */
function slices(text: string): string[] {
  const size = Math.max(7, Math.ceil(text.length / 200));
  const count = Math.ceil(text.length / size);
  return Array.from({ length: count }, (_, n) => text.slice(n * size, (n + 1) * size));
}
