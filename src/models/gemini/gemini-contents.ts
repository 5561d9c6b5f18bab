import type { Content, Part } from "@google/genai";
import type { Message } from "../../core/model.ts";
import { type Origin, ownPart } from "../vendor-part.ts";
import { wireInput, wireText } from "../wire-text.ts";
import { partsIn } from "./gemini-parts.ts";

/** What Google gives for calls that Gemini did not make itself: it refuses a call without a signature. */
const NOT_MINE = "skip_thought_signature_validator";

type Assistant = Extract<Message, { role: "assistant" }>;

interface Turn {
  readonly kind: "words" | "results" | "model";
  readonly parts: readonly Part[];
}

interface KnownCall {
  readonly name: string;
  /** Only where Gemini gave it. */
  readonly id?: string;
}

/** The history in Gemini's turns: empty ones are refused, and all results of a turn belong into one. */
export function contentsOf(messages: readonly Message[], origin: Origin): Content[] {
  const calls = new Map<string, KnownCall>();
  const turns: Turn[] = [];
  for (const message of messages) {
    const turn = turnOf(message, { origin, calls });
    if (turn.parts.length === 0) continue;
    const last = turns.at(-1);
    if (last?.kind === turn.kind) {
      turns[turns.length - 1] = { ...last, parts: [...last.parts, ...turn.parts] };
    } else {
      turns.push(turn);
    }
  }
  return turns.map(({ kind, parts }) => ({
    role: kind === "model" ? "model" : "user",
    parts: [...parts],
  }));
}

function turnOf(
  message: Message,
  { origin, calls }: { origin: Origin; calls: Map<string, KnownCall> },
): Turn {
  switch (message.role) {
    case "system":
    case "user":
      return { kind: "words", parts: wordsOf(message.text) };
    case "tool":
      return { kind: "results", parts: [resultOf(message, calls.get(message.callId))] };
    case "assistant": {
      const parts = ownParts(message, origin) ?? strangeParts(message);
      const ids = new Set(parts.map(({ functionCall }) => functionCall?.id));
      for (const { id, name } of message.calls)
        calls.set(id, ids.has(id) ? { name, id } : { name });
      return { kind: "model", parts };
    }
    default:
      return message satisfies never;
  }
}

function wordsOf(text: string): Part[] {
  return text === "" ? [] : [{ text: wireText(text) }];
}

function resultOf({ text }: { text: string }, call: KnownCall = { name: "unknown" }): Part {
  return { functionResponse: { ...call, response: { output: wireText(text) } } };
}

/** What the model said itself, unless the history tells it otherwise by now. */
function ownParts({ calls, vendor }: Assistant, origin: Origin): readonly Part[] | undefined {
  const parts = partsIn(ownPart(origin, vendor));
  const kept = parts?.filter(({ functionCall }) => functionCall) ?? [];
  return kept.length === calls.length ? parts : undefined;
}

function strangeParts({ text, calls }: Assistant): Part[] {
  return [
    ...wordsOf(text),
    ...calls.map(
      ({ name, input }, place): Part => ({
        functionCall: { name, args: wireInput(input) },
        ...(place === 0 ? { thoughtSignature: NOT_MINE } : {}),
      }),
    ),
  ];
}
