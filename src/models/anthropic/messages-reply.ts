import { z } from "zod";
import type { ModelReply, ToolCall } from "../../core/model.ts";
import { addUsage, NO_USAGE, type Usage } from "../../core/usage.ts";
import type { Try } from "../provider.ts";
import { billedError, modelError } from "../provider-error.ts";
import { Rejected, rejectionInBody } from "../rejection.ts";
import { type Origin, vendorPart } from "../vendor-part.ts";
import { type Block, textIn } from "./assistant-content.ts";
import { usageOfMessages, WireUsage } from "./messages-usage.ts";

const Text = z.string().nullish();
const Index = z.number().int().nonnegative();
const WireBlock = z.looseObject({ type: z.string() });
const Stop = z.looseObject({ stop_reason: Text, stop_details: z.unknown().optional() });
const WireMessage = z.object({
  ...Stop.shape,
  model: Text,
  content: z.array(WireBlock).catch([]),
  usage: WireUsage,
});
const Delta = z.looseObject({
  type: z.string(),
  text: Text,
  thinking: Text,
  signature: Text,
  partial_json: Text,
});

const Event = z.union([
  z.object({ type: z.literal("message_start"), message: WireMessage }),
  z.object({ type: z.literal("content_block_start"), index: Index, content_block: WireBlock }),
  z.object({ type: z.literal("content_block_delta"), index: Index, delta: Delta }),
  z.object({ type: z.literal("message_delta"), delta: Stop, usage: WireUsage }),
  z.object({ type: z.literal("error"), error: z.unknown().optional() }),
  WireMessage.extend({ type: z.literal("message") }),
]);
type Event = z.infer<typeof Event>;
/** What is not ours to know: pings, ends of blocks, kinds that came later. */
const OtherEvent = z.object({ type: z.string() });
const KNOWN: ReadonlySet<string> = new Set(Event.options.map((option) => option.shape.type.value));

interface Part {
  /** As received, whole once its deltas are in. */
  block: Block;
  readonly index: number;
  json: string;
}

/** Joins the events of one answer, which may be one that goes on after a pause. */
export interface MessagesJoiner {
  /** Throws `model.malformed`, or Rejected where the piece is the vendor's error. */
  add(piece: unknown): void;
  /** Closes what one request brought. True: the model paused and wants to go on. */
  paused(): boolean;
  /** What was received so far, to be sent back after a pause. */
  content(): Block[];
  reply(origin: Origin): ModelReply;
}

interface Draft {
  readonly tell: Try["tell"];
  readonly before: Part[];
  parts: Part[];
  heard: boolean;
  stop: string | undefined;
  why: unknown;
  servedBy: string;
  counts: Record<string, unknown>;
  usage: Usage;
}

/** Starts with nothing heard. */
export function createMessagesJoiner(tell: Try["tell"]): MessagesJoiner {
  const draft: Draft = {
    tell,
    before: [],
    parts: [],
    heard: false,
    stop: undefined,
    why: undefined,
    servedBy: "",
    counts: {},
    usage: NO_USAGE,
  };
  return {
    add: (piece) => addPiece(draft, piece),
    paused: () => closed(draft),
    content: () => draft.before.map(wholeBlock),
    reply: (origin) => finished(draft, origin),
  };
}

function addPiece(draft: Draft, piece: unknown): void {
  const kind = OtherEvent.safeParse(piece).data?.type;
  if (kind !== undefined && !KNOWN.has(kind)) return;
  const { data, error } = Event.safeParse(piece);
  if (error) throw modelError("model.malformed", `Not a message: ${z.prettifyError(error)}`);
  addEvent(draft, data);
}

function addEvent(draft: Draft, event: Event): void {
  switch (event.type) {
    case "error":
      throw new Rejected(rejectionInBody(event.error));
    case "message_start":
      begin(draft, event.message);
      break;
    case "message":
      begin(draft, event);
      for (const [index, block] of event.content.entries()) addBlock(draft, index, block);
      end(draft, event);
      break;
    case "content_block_start":
      addBlock(draft, event.index, event.content_block);
      break;
    case "content_block_delta":
      addDelta(draft, event.index, event.delta);
      break;
    case "message_delta":
      draft.counts = merged(draft.counts, event.usage);
      end(draft, event.delta);
      break;
    default:
      event satisfies never;
  }
}

function begin(draft: Draft, { model, usage }: z.infer<typeof WireMessage>): void {
  draft.heard = true;
  draft.servedBy ||= model ?? "";
  draft.counts = merged(draft.counts, usage);
}

function end(draft: Draft, { stop_reason, stop_details }: z.infer<typeof Stop>): void {
  draft.stop = stop_reason ?? draft.stop;
  draft.why = stop_details ?? draft.why;
}

/** A later count replaces an earlier one; null says nothing. */
function merged(earlier: Record<string, unknown>, later: Record<string, unknown>) {
  const said = Object.entries(later).filter(([, count]) => count != null);
  return { ...earlier, ...Object.fromEntries(said) };
}

function addBlock({ parts, tell }: Draft, index: number, block: Block): void {
  parts.push({ index, block: { ...block }, json: "" });
  const { type, text, thinking, name } = block;
  if (type === "text" && typeof text === "string" && text) tell({ kind: "text", text });
  if (type === "thinking" && typeof thinking === "string" && thinking) {
    tell({ kind: "reasoning", text: thinking });
  }
  if (type === "tool_use" && typeof name === "string") tell({ kind: "call", name });
}

function addDelta({ parts, tell }: Draft, index: number, delta: z.infer<typeof Delta>): void {
  const part = parts.findLast((known) => known.index === index);
  if (!part) throw modelError("model.malformed", "The answer goes on with what was not begun.");
  const { text, thinking, signature, partial_json: json } = delta;
  part.json += json ?? "";
  for (const [name, more] of Object.entries({ text, thinking, signature })) {
    const begun = part.block[name];
    if (more) part.block[name] = (typeof begun === "string" ? begun : "") + more;
  }
  if (text) tell({ kind: "text", text });
  if (thinking) tell({ kind: "reasoning", text: thinking });
}

function closed(draft: Draft): boolean {
  if (!draft.heard) throw modelError("model.malformed", "The answer has no message.");
  if (draft.stop === undefined) {
    throw modelError("model.unreachable", "The answer stopped before its end.");
  }
  draft.usage = addUsage(draft.usage, usageOfMessages(draft.counts));
  draft.before.push(...draft.parts);
  draft.parts = [];
  draft.counts = {};
  if (draft.stop !== "pause_turn") return false;
  draft.stop = undefined;
  draft.heard = false;
  return true;
}

function wholeBlock({ block, json }: Part): Block {
  if (block.type !== "tool_use" && block.type !== "server_tool_use") return block;
  const { data } = z.string().transform(toJson).safeParse(json);
  return json === "" ? block : { ...block, input: data ?? {} };
}

function toJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function finished({ before, stop, why, servedBy, usage }: Draft, origin: Origin): ModelReply {
  throwIfUnusable(stop, why);
  const calls = before.filter(({ block }) => block.type === "tool_use").map(callOf);
  const blocks = before.map(({ block }) => block);
  const opaque = blocks.some(({ type }) => type !== "text" && type !== "tool_use");
  return {
    text: textIn(blocks),
    calls,
    usage,
    stop: stop === "max_tokens" ? "length" : stopOf(calls),
    ...(servedBy === "" ? {} : { servedBy }),
    ...(opaque ? { vendor: vendorPart(origin, before.map(kept)) } : {}),
  };
}

/** A call's input is in the history already. */
function kept({ block }: Part): Block {
  return block.type === "tool_use" ? { type: block.type, id: block.id } : block;
}

function stopOf(calls: readonly ToolCall[]): ModelReply["stop"] {
  return calls.length > 0 ? "calls" : "end";
}

const Why = z.object({ category: z.string() });

function throwIfUnusable(stop: string | undefined, why: unknown): void {
  if (stop === "refusal") {
    const category = Why.safeParse(why).data?.category;
    throw modelError("model.refused", `The model refused${category ? `: ${category}` : "."}`);
  }
  if (stop === "model_context_window_exceeded") {
    throw billedError("model.context-too-long", "The answer ran out of the context window.");
  }
}

const WireCall = z.object({
  id: z.string().min(1),
  name: z.string().min(1),
  input: z.unknown().optional(),
});

function callOf({ block, json }: Part): ToolCall {
  const { data } = WireCall.safeParse(block);
  if (!data) throw modelError("model.malformed", "A tool call names no tool.");
  const { id, name, input = {} } = data;
  return { id, name, input: json.trim() === "" ? JSON.stringify(input) : json };
}
