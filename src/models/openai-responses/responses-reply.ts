import { z } from "zod";
import type { ModelReply, ToolCall } from "../../core/model.ts";
import type { Try } from "../provider.ts";
import { modelError } from "../provider-error.ts";
import { Rejected, rejectionInBody } from "../rejection.ts";
import { type Origin, vendorPart } from "../vendor-part.ts";
import { Item, textIn } from "./assistant-items.ts";
import { usageOfResponse } from "./responses-usage.ts";

const Text = z.string().nullish();
const Place = z.number().int().nonnegative();
const Delta = z.object({ delta: z.string() });

/** The response as it is at its end, or the one body of a server that does not stream. */
const Ended = z.object({
  status: Text,
  model: Text,
  output: z.array(Item).catch([]),
  usage: z.unknown().optional(),
  error: z.unknown().optional(),
  incomplete_details: z.object({ reason: Text }).nullish(),
});
type Ended = z.infer<typeof Ended>;

const Typed = z.looseObject({ type: z.string() });
const Body = z.looseObject({ object: z.literal("response") });

/** Joins the events of one answer. */
export interface ResponsesJoiner {
  /** Throws `model.malformed`, or Rejected where the piece is the vendor's error. */
  add(piece: unknown): void;
  reply(origin: Origin): ModelReply;
}

interface Draft {
  readonly tell: Try["tell"];
  readonly items: Map<number, Item>;
  heard: boolean;
  ended: Ended | undefined;
}

/** Starts with nothing heard. */
export function createResponsesJoiner(tell: Try["tell"]): ResponsesJoiner {
  const draft: Draft = { tell, items: new Map(), heard: false, ended: undefined };
  return {
    add(piece) {
      if (Body.safeParse(piece).success) end(draft, piece);
      else addEvent(draft, parsedAs(Typed, piece));
    },
    reply: (origin) => finished(draft, origin),
  };
}

function parsedAs<T>(shape: z.ZodType<T>, piece: unknown): T {
  const { data, error } = shape.safeParse(piece);
  if (error) throw modelError("model.malformed", `Not a response: ${z.prettifyError(error)}`);
  return data;
}

const Done = z.object({ output_index: Place, item: Item });
const Added = z.object({ item: z.looseObject({ type: z.string(), name: Text }) });
const End = z.object({ response: z.unknown() });
const Failed = z.looseObject({ error: z.unknown().optional() });

function addEvent(draft: Draft, event: z.infer<typeof Typed>): void {
  const { tell } = draft;
  draft.heard ||= event.type.startsWith("response.");
  switch (event.type) {
    case "error": {
      const { error } = parsedAs(Failed, event);
      throw new Rejected(rejectionInBody(error ?? event));
    }
    case "response.output_text.delta":
      tell({ kind: "text", text: parsedAs(Delta, event).delta });
      break;
    case "response.reasoning_summary_text.delta":
    case "response.reasoning_text.delta":
      tell({ kind: "reasoning", text: parsedAs(Delta, event).delta });
      break;
    case "response.output_item.added": {
      const { item } = parsedAs(Added, event);
      if (item.type === "function_call" && item.name) tell({ kind: "call", name: item.name });
      break;
    }
    case "response.output_item.done": {
      const { output_index, item } = parsedAs(Done, event);
      draft.items.set(output_index, item);
      break;
    }
    case "response.completed":
    case "response.incomplete":
    case "response.failed":
      end(draft, parsedAs(End, event).response);
      break;
    default:
    // A beginning, a part of what is told as done, or of a kind that came later.
  }
}

function end(draft: Draft, response: unknown): void {
  const ended = parsedAs(Ended, response);
  if (ended.error != null) throw new Rejected(rejectionInBody(ended.error));
  draft.heard = true;
  draft.ended = ended;
}

function finished({ heard, items, ended }: Draft, origin: Origin): ModelReply {
  if (!heard) throw modelError("model.malformed", "The answer has no response.");
  if (!ended) throw modelError("model.unreachable", "The answer stopped before its end.");
  const done = [...items].toSorted(([a], [b]) => a - b).map(([, item]) => item);
  const output = done.length > 0 ? done : ended.output;
  throwIfUnusable(ended, output);

  const calls = output.filter(({ type }) => type === "function_call").map(callOf);
  const opaque = output.some(isOpaque);
  return {
    text: textIn(output),
    calls,
    usage: usageOfResponse(ended.usage),
    stop: stopOf(ended, calls),
    ...(ended.model ? { servedBy: ended.model } : {}),
    ...(opaque ? { vendor: vendorPart(origin, output.map(kept)) } : {}),
  };
}

function throwIfUnusable({ status, incomplete_details: why }: Ended, output: readonly Item[]) {
  if (why?.reason === "content_filter") {
    throw modelError("model.refused", "The vendor's content filter stopped the answer.");
  }
  const refusal = output.map(refusalIn).find((text) => text !== undefined);
  if (refusal !== undefined) throw modelError("model.refused", `The model refused: ${refusal}`);
  if (status === "failed" || status === "cancelled") {
    throw modelError("model.overloaded", "The vendor gave up on the answer.");
  }
}

const Refusing = z.object({
  content: z.array(z.looseObject({ type: z.string(), refusal: Text })),
});

function refusalIn(item: Item): string | undefined {
  const { data } = Refusing.safeParse(item);
  return data?.content.find(({ type }) => type === "refusal")?.refusal ?? undefined;
}

const WireCall = z.object({
  call_id: z.string().min(1),
  name: z.string().min(1),
  arguments: z.string(),
});

function callOf(item: Item): ToolCall {
  const { call_id: id, name, arguments: input } = parsedAs(WireCall, item);
  return { id, name, input: input.trim() === "" ? "{}" : input };
}

/** Reasoning is, and words that have a place in it: commentary is not to come back as an answer. */
function isOpaque({ type, phase }: Item): boolean {
  return (type !== "message" && type !== "function_call") || phase != null;
}

/** A call's name and arguments are in the history already. */
function kept(item: Item): Item {
  if (item.type !== "function_call") return item;
  return { type: item.type, id: item.id, call_id: item.call_id };
}

function stopOf({ status, incomplete_details: why }: Ended, calls: readonly ToolCall[]) {
  if (why?.reason === "max_output_tokens" || status === "incomplete") return "length";
  return calls.length > 0 ? "calls" : "end";
}
