import { clip } from "../core/clip.ts";
import type { Message, ModelReply, Served, ToolCall } from "../core/model.ts";
import type { Usage } from "../core/usage.ts";

/** A tool call with what came of it. */
export interface CallStep {
  readonly id: string;
  readonly name: string;
  readonly input: string;
  /**
   * `failed`: understood, and the answer was no. `malformed`: not understood. `not-run`: passed over.
   */
  readonly kind: "done" | "failed" | "malformed" | "not-run";
  readonly result: string;
}

/** One turn of an agent: a reply and what came of the tool calls it asked for. Plain data, to be stored. */
export interface Step {
  readonly number: number;
  readonly text: string;
  readonly stop: ModelReply["stop"];
  readonly usage: Usage;
  readonly calls: readonly CallStep[];
  /** What the provider wants back with the history, as it came. */
  readonly vendor?: unknown;
  /** Which of several models replied, and why not another one. */
  readonly served?: Served;
}

/** The longest input of one call that is looked at. */
export const MAX_INPUT = 256_000;
const MAX_TEXT = 32_000;

/** The step of a reply, in a form that any store takes: bounded, no NUL, no half characters. */
export function recorded(number: number, reply: ModelReply, calls: readonly CallStep[]): Step {
  return {
    number,
    text: storable(reply.text, MAX_TEXT),
    stop: reply.stop,
    usage: reply.usage,
    ...(reply.vendor !== undefined && { vendor: reply.vendor }),
    ...(reply.served && { served: reply.served }),
    calls: calls.map((call) => ({
      ...call,
      id: storable(call.id, MAX_TEXT),
      name: storable(call.name, 200),
      input: storable(call.input, MAX_INPUT),
      result: storable(call.result, MAX_INPUT),
    })),
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
  return clip(text, limit).toWellFormed().replaceAll("\0", "\uFFFD");
}
