import { z } from "zod";
import type { ModelReply, ToolCall } from "../../core/model.ts";
import type { Try } from "../provider.ts";
import { billedError, modelError } from "../provider-error.ts";
import { Rejected, rejectionInBody } from "../rejection.ts";
import { type Origin, vendorPart } from "../vendor-part.ts";
import { chargedIn, usageOfChat } from "./chat-usage.ts";

const Text = z.string().nullish();
const Content = z.union([
  Text,
  z.array(z.object({ text: Text })).transform((parts) => parts.map(({ text }) => text).join("")),
]);
const Arguments = z.union([
  Text,
  z.record(z.string(), z.unknown()).transform((v) => JSON.stringify(v)),
]);
const CallPiece = z.object({
  index: z.number().int().nonnegative().optional(),
  id: Text,
  function: z.object({ name: Text, arguments: Arguments }).nullish(),
});
type CallPiece = z.infer<typeof CallPiece>;

const Words = z.object({
  content: Content,
  refusal: Text,
  reasoning_content: Text,
  tool_calls: z.array(CallPiece).nullish(),
});
type Words = z.infer<typeof Words>;

/** A whole answer or one chunk of a stream: they differ in `message` and `delta`. */
const Piece = z.object({
  model: Text.catch(undefined),
  choices: z
    .array(
      z.object({
        message: Words.nullish(),
        delta: Words.nullish(),
        finish_reason: Text,
        error: z.unknown().optional(),
        /** Kimi's place for it in a stream. */
        usage: z.unknown().optional(),
      }),
    )
    .nullish(),
  usage: z.unknown().optional(),
  error: z.unknown().optional(),
});

interface Draft {
  readonly tell: Try["tell"];
  servedBy: string;
  heard: boolean;
  text: string;
  refusal: string;
  reasoning: string;
  readonly calls: { key: number; id: string; name: string; input: string }[];
  usage: unknown;
  finish: string | undefined;
}

interface Asked {
  readonly origin: Origin;
  /** For calls that the vendor gave no id. */
  readonly callIdPrefix: string;
  readonly tellsCost: boolean;
}

/** Joins the pieces of one answer, whichever way they come. */
export interface ReplyJoiner {
  /** Throws `model.malformed`, or Rejected where the piece is the vendor's error. */
  add(piece: unknown): void;
  /** False while an answer may have lost its end. */
  ended(): boolean;
  /** Throws `model.malformed` where there is no reply in it, `model.refused` where it is a refusal. */
  reply(of: Asked): ModelReply;
}

/** Starts with nothing heard. */
export function createReplyJoiner(tell: Try["tell"]): ReplyJoiner {
  const draft: Draft = {
    tell,
    servedBy: "",
    heard: false,
    text: "",
    refusal: "",
    reasoning: "",
    calls: [],
    usage: undefined,
    finish: undefined,
  };
  return {
    add: (piece) => addPiece(draft, piece),
    ended: () => draft.finish !== undefined || draft.usage != null,
    reply: (of) => finished(draft, of),
  };
}

function addPiece(draft: Draft, value: unknown): void {
  const { data, error } = Piece.safeParse(value);
  if (error)
    throw modelError("model.malformed", `Not a chat completion: ${z.prettifyError(error)}`);
  const choice = data.choices?.[0];
  throwIfError(data.error);
  throwIfError(choice?.error);

  draft.servedBy ||= data.model ?? "";
  draft.usage = data.usage ?? choice?.usage ?? draft.usage;
  if (!choice) return;
  draft.heard = true;
  draft.finish = choice.finish_reason ?? draft.finish;
  if (choice.delta) addWords(draft, choice.delta, undefined);
  if (choice.message) addWords(draft, choice.message, 0);
}

function throwIfError(error: unknown): void {
  if (error == null) return;
  throw new Rejected(rejectionInBody(error));
}

/** `firstKey` is given for a whole message, whose calls are numbered by their place. */
function addWords(draft: Draft, words: Words, firstKey: number | undefined): void {
  const { content, reasoning_content: reasoning } = words;
  draft.text += content ?? "";
  draft.refusal += words.refusal ?? "";
  draft.reasoning += reasoning ?? "";
  if (reasoning) draft.tell({ kind: "reasoning", text: reasoning });
  if (content) draft.tell({ kind: "text", text: content });
  for (const [place, piece] of (words.tool_calls ?? []).entries()) {
    addCall(draft, piece, firstKey === undefined ? undefined : firstKey + place);
  }
}

function addCall({ calls, tell }: Draft, piece: CallPiece, place: number | undefined): void {
  const key = piece.index ?? place ?? keyWithoutIndex(calls, piece);
  let call = calls.find((known) => known.key === key);
  if (!call) {
    call = { key, id: "", name: "", input: "" };
    calls.push(call);
  }
  call.id ||= piece.id ?? "";
  if (call.name === "" && piece.function?.name) {
    call.name = piece.function.name;
    tell({ kind: "call", name: call.name });
  }
  call.input += piece.function?.arguments ?? "";
}

/** Vendors without an index start a call with a new id and then continue it. */
function keyWithoutIndex(calls: Draft["calls"], { id }: CallPiece): number {
  const last = calls.at(-1);
  if (!last) return 0;
  return id && id !== last.id ? last.key + 1 : last.key;
}

function finished(draft: Draft, of: Asked): ModelReply {
  throwIfUnusable(draft);
  const calls: ToolCall[] = draft.calls
    .toSorted((a, b) => a.key - b.key)
    .map(({ id, name, input, key }) => ({
      id: id || `${of.callIdPrefix}-${key}`,
      name,
      input: input.trim() === "" ? "{}" : input,
    }));
  const { text, reasoning, servedBy } = draft;
  const charged = of.tellsCost ? chargedIn(draft.usage) : undefined;
  return {
    text,
    calls,
    usage: usageOfChat(draft.usage),
    stop: stopOf(draft, calls.length > 0),
    ...(servedBy === "" ? {} : { servedBy }),
    ...(charged === undefined ? {} : { charged }),
    ...(reasoning === ""
      ? {}
      : { vendor: vendorPart(of.origin, { reasoning_content: reasoning }) }),
  };
}

function throwIfUnusable({ heard, finish, refusal, calls }: Draft): void {
  if (!heard) throw modelError("model.malformed", "The answer has no choices.");
  if (finish === "content_filter") {
    throw modelError("model.refused", "The vendor's content filter stopped the answer.");
  }
  if (refusal !== "") throw modelError("model.refused", `The model refused: ${refusal}`);
  if (finish === "model_context_window_exceeded") {
    throw billedError("model.context-too-long", "The answer ran out of the context window.");
  }
  if (calls.some(({ name }) => name === "")) {
    throw modelError("model.malformed", "A tool call names no tool.");
  }
}

function stopOf({ finish }: Draft, hasCalls: boolean): ModelReply["stop"] {
  if (finish === "length" || finish === "max_tokens") return "length";
  return hasCalls ? "calls" : "end";
}
