import { z } from "zod";
import { Bill } from "../core/bill.ts";
import { clip } from "../core/clip.ts";
import type { Message, ModelReply, ToolCall } from "../core/model.ts";
import { RequestDigest } from "../core/request-digest.ts";
import { Usage } from "../core/usage.ts";

/** A tool call with what came of it. */
export const CallStep = z.object({
  id: z.string(),
  name: z.string(),
  input: z.string(),
  /**
   * `failed`: understood, and the answer was no. `malformed`: not understood. `not-run`: passed over.
   */
  kind: z.enum(["done", "failed", "malformed", "not-run"]),
  result: z.string(),
});
export type CallStep = z.infer<typeof CallStep>;

/** A message of another worker. Hostile text. */
export const Heard = z.object({ from: z.string(), text: z.string() });
export type Heard = z.infer<typeof Heard>;

/** Who gave a reply, and who was asked in vain before. */
const ServedStep = z.object({
  provider: z.string(),
  model: z.string(),
  waitedMs: z.number(),
  isReused: z.literal(true).optional(),
  attempts: z.array(
    z.object({ provider: z.string(), model: z.string(), code: z.string(), waitedMs: z.number() }),
  ),
});

/** One turn of an agent: a reply and what came of the tool calls it asked for. Plain data, to be stored. */
export const Step = z.object({
  number: z.number().int().positive(),
  text: z.string(),
  stop: z.enum(["end", "calls", "length"]),
  usage: Usage,
  calls: z.array(CallStep),
  /** What other workers posted to it meanwhile: it reads that before its next reply. */
  heard: z.array(Heard).optional(),
  /** What the provider wants back with the history, as it came. */
  vendor: z.unknown().optional(),
  /** Which of several models replied, and why not another one. */
  served: ServedStep.optional(),
  /** What the task paid for the reply; absent where nothing is paid for. */
  cost: Bill.optional(),
  /** What the reply answers; absent in steps that an older version recorded. */
  request: RequestDigest.optional(),
});
export type Step = z.infer<typeof Step>;

/** The longest input of one call that is looked at. */
export const MAX_INPUT = 256_000;
const MAX_TEXT = 32_000;
const MAX_NAME = 200;
/** For the words about what is left out: what was shortened once stays as it is. */
const NOTE = 100;

/** What of a reply is recorded. Doing it again changes nothing. */
export function bounded(reply: ModelReply): ModelReply {
  return {
    ...reply,
    text: storable(reply.text, MAX_TEXT),
    calls: reply.calls.map(({ id, name, input }) => ({
      id: storable(id, MAX_TEXT),
      name: storable(name, MAX_NAME),
      // A NUL stays: it is what makes it unreadable.
      input: shortened(input, MAX_INPUT),
    })),
  };
}

/** The step of a reply that is bounded, in a form that any store takes. */
export function recorded(
  number: number,
  reply: ModelReply & { readonly request?: RequestDigest },
  calls: readonly CallStep[],
): Step {
  const { text, stop, usage, vendor, served, cost, request } = reply;
  return {
    number,
    text,
    stop,
    usage,
    ...(vendor !== undefined && { vendor }),
    ...(served && { served: { ...served, attempts: [...served.attempts] } }),
    ...(cost && { cost }),
    ...(request && { request }),
    calls: calls.map((call) => ({ ...call, result: storable(call.result, MAX_INPUT) })),
  };
}

/** The calls of a reply under ids that are not empty and not used twice, which providers refuse. */
export function withOwnIds(calls: readonly ToolCall[]): readonly ToolCall[] {
  const used = new Set<string>();
  return calls.map((call, index) => {
    const id = call.id === "" || used.has(call.id) ? `${call.id}call-${index}` : call.id;
    used.add(id);
    return { ...call, id };
  });
}

/**
 * What the history keeps of a reply and its results. Input that is no JSON object and names that are no names
 * are left out: providers refuse a history that holds them, and the tool result says what was wrong.
 */
export function messagesOf(step: Step): readonly Message[] {
  const { text, calls, vendor } = step;
  if (text.trim() === "" && calls.length === 0) return [];
  const asked = calls.map(({ id, name, input }) => ({
    id,
    name: /^[\w-]{1,64}$/.test(name) ? name : "unknown",
    input: isObject(input) ? input : "{}",
  }));
  const answers = calls.map(
    ({ id, result }) => ({ role: "tool", callId: id, text: result }) as const,
  );
  const own = vendor === undefined ? {} : { vendor };
  return [{ role: "assistant", text, calls: asked, ...own }, ...answers];
}

function isObject(json: string): boolean {
  try {
    const value: unknown = JSON.parse(json);
    return typeof value === "object" && value !== null && !Array.isArray(value);
  } catch {
    return false;
  }
}

function storable(text: string, limit: number): string {
  return shortened(text, limit).replaceAll("\0", "\uFFFD");
}

function shortened(text: string, limit: number): string {
  return (text.length <= limit + NOTE ? text : clip(text, limit)).toWellFormed();
}
