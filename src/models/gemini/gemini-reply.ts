import { z } from "zod";
import type { ModelReply, ToolCall } from "../../core/model.ts";
import type { Try } from "../provider.ts";
import { modelError } from "../provider-error.ts";
import { Rejected } from "../rejection.ts";
import { type Origin, vendorPart } from "../vendor-part.ts";
import { throwIfStopped } from "./gemini-finish.ts";
import { addPart, keptParts, WirePart } from "./gemini-parts.ts";
import { geminiRejection } from "./gemini-rejection.ts";
import { usageOfGemini } from "./gemini-usage.ts";

const Word = z.string().nullish().catch(undefined);

/** One chunk of a stream; a whole answer looks the same. */
const Piece = z.object({
  candidates: z
    .array(
      z.object({
        content: z.object({ parts: z.array(WirePart).nullish() }).nullish(),
        finishReason: Word,
        finishMessage: Word,
      }),
    )
    .nullish(),
  promptFeedback: z.object({ blockReason: Word }).nullish(),
  usageMetadata: z.unknown().optional(),
  modelVersion: Word,
  error: z.unknown().optional(),
});

interface Draft {
  readonly tell: Try["tell"];
  readonly parts: WirePart[];
  heard: boolean;
  servedBy: string;
  usage: unknown;
  finish: string | undefined;
  finishMessage: string;
}

interface Asked {
  readonly origin: Origin;
  /** For calls that the vendor gave no id. */
  readonly callIdPrefix: string;
}

/** Joins the pieces of one answer. */
export interface GeminiJoiner {
  /** Throws `model.malformed`, `model.refused`, or Rejected where the piece is the vendor's error. */
  add(piece: unknown): void;
  /** False while an answer may have lost its end. */
  ended(): boolean;
  /** Throws `model.*` where there is no reply in it. */
  reply(of: Asked): ModelReply;
}

/** Starts with nothing heard. */
export function createGeminiJoiner(tell: Try["tell"]): GeminiJoiner {
  const draft: Draft = {
    tell,
    parts: [],
    heard: false,
    servedBy: "",
    usage: undefined,
    finish: undefined,
    finishMessage: "",
  };
  return {
    add: (piece) => addPiece(draft, piece),
    ended: () => draft.finish !== undefined,
    reply: (of) => finished(draft, of),
  };
}

function addPiece(draft: Draft, value: unknown): void {
  const { data, error } = Piece.safeParse(value);
  if (error) throw modelError("model.malformed", `Not Gemini's answer: ${z.prettifyError(error)}`);
  if (data.error != null) throw new Rejected(geminiRejection({ body: value }));
  const blocked = data.promptFeedback?.blockReason;
  if (blocked) throw modelError("model.refused", `The vendor blocked the request: ${blocked}`);

  draft.servedBy ||= data.modelVersion ?? "";
  draft.usage = data.usageMetadata ?? draft.usage;
  const candidate = data.candidates?.[0];
  if (!candidate) return;
  draft.heard = true;
  draft.finish = candidate.finishReason ?? draft.finish;
  draft.finishMessage = candidate.finishMessage ?? draft.finishMessage;
  for (const part of candidate.content?.parts ?? []) {
    addPart(draft.parts, part);
    show(draft, part);
  }
}

function show({ tell }: Draft, { text, thought, functionCall }: WirePart): void {
  if (text) tell({ kind: thought === true ? "reasoning" : "text", text });
  if (functionCall) tell({ kind: "call", name: functionCall.name });
}

function finished(draft: Draft, of: Asked): ModelReply {
  const { parts, servedBy } = draft;
  if (!draft.heard) throw modelError("model.malformed", "The answer has no candidates.");
  throwIfStopped(draft.finish, draft.finishMessage);
  const calls = callsIn(parts, of.callIdPrefix);
  if (calls.some(({ name }) => name === "")) {
    throw modelError("model.malformed", "A tool call names no tool.");
  }
  return {
    text: parts.map(({ text, thought }) => (thought === true ? "" : (text ?? ""))).join(""),
    calls,
    usage: usageOfGemini(draft.usage),
    stop: stopOf(draft, calls.length > 0),
    ...(servedBy === "" ? {} : { servedBy }),
    ...(parts.every(isPlain) ? {} : { vendor: vendorPart(of.origin, keptParts(parts)) }),
  };
}

function callsIn(parts: readonly WirePart[], prefix: string): ToolCall[] {
  return parts
    .flatMap(({ functionCall }) => functionCall ?? [])
    .map(({ id, name, args }, place) => ({
      id: id || `${prefix}-${place}`,
      name,
      input: JSON.stringify(args ?? {}),
    }));
}

/** Text alone is in the history anyway. */
function isPlain(part: WirePart): boolean {
  return Object.keys(part).every((key) => key === "text");
}

/** `CONTINUATION` says that there was more to come, for which we did not ask. */
function stopOf({ finish }: Draft, hasCalls: boolean): ModelReply["stop"] {
  if (finish === "MAX_TOKENS" || finish === "CONTINUATION") return "length";
  return hasCalls ? "calls" : "end";
}
