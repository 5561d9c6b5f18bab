import { z } from "zod";
import type { Usage } from "../../core/usage.ts";
import { billedError, modelError } from "../provider-error.ts";
import { Count, knownCounts } from "../token-count.ts";
import { claudeRejection } from "./claude-rejection.ts";

const Word = z.string().catch("");
const Event = z.object({
  type: Word,
  subtype: Word,
  is_error: z.boolean().catch(false),
  /** Of the end: the text of the answer, or what went wrong. */
  result: Word,
  errors: z.array(Word).catch([]),
  /** Beyond the most there is no belief in it. */
  total_cost_usd: z.number().nonnegative().max(1_000_000).optional().catch(undefined),
  usage: z.unknown().optional(),
  stop_reason: Word,
  /** Of an answer that is an error of the API. */
  error: Word,
  message: z
    .object({
      model: Word,
      stop_reason: Word,
    })
    .optional()
    .catch(undefined),
  /** A piece of the API's own stream. */
  event: z
    .object({
      delta: z
        .object({ type: Word, text: Word, thinking: Word, stop_reason: Word })
        .optional()
        .catch(undefined),
    })
    .optional()
    .catch(undefined),
});
type Event = z.infer<typeof Event>;

/** What can be shown of an event. */
interface Shown {
  readonly kind: "text" | "reasoning";
  readonly text: string;
}

/** The answer of one run. */
export interface ClaudeAnswer {
  readonly text: string;
  readonly usage: Usage;
  readonly stop: "end" | "length";
  readonly servedBy: string;
  /** Millionths of a dollar. */
  readonly charged: number | undefined;
}

/** Joins the events of one run. */
export interface EventJoiner {
  /** Takes a line; what is no event is passed over, as versions differ in what they write. */
  add(line: string): readonly Shown[];
  /** Whether the last event is there. */
  ended(): boolean;
  /** Throws Rejected or `model.*` where the run gave no answer. */
  answer(): ClaudeAnswer;
}

const UNSIGNED = "<synthetic>";

interface Draft {
  model: string;
  stop: string;
  error: string;
  end: Event | undefined;
}

/** Starts with nothing heard. */
export function createEventJoiner(): EventJoiner {
  const draft: Draft = { model: "", stop: "", error: "", end: undefined };
  return {
    add(line) {
      const { data } = Event.safeParse(parsed(line));
      if (!data) return [];
      addEvent(draft, data);
      return data.type === "stream_event" ? shownIn(data.event?.delta) : [];
    },
    ended: () => draft.end !== undefined,
    answer: () => answerIn(draft),
  };
}

function addEvent(draft: Draft, event: Event): void {
  const { type, message, error } = event;
  if (type === "result") draft.end ??= event;
  if (type === "assistant") {
    draft.error ||= error;
    if (message && message.model !== UNSIGNED) draft.model ||= message.model;
  }
  draft.stop = message?.stop_reason || event.event?.delta?.stop_reason || draft.stop;
}

function answerIn({ end, error, model, stop: lastStop }: Draft): ClaudeAnswer {
  if (!end) throw modelError("model.malformed", "Claude Code ended without a result.");
  const charged = microsOf(end.total_cost_usd);
  if (end.is_error || end.subtype !== "success") throw claudeRejection({ ...end, charged }, error);
  const stop = end.stop_reason || lastStop;
  throwIfStopped(stop, charged);
  return {
    text: end.result,
    usage: usageOf(end.usage),
    stop: stop === "max_tokens" ? "length" : "end",
    servedBy: model,
    charged,
  };
}

function parsed(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    return undefined;
  }
}

function shownIn(delta: NonNullable<Event["event"]>["delta"]): readonly Shown[] {
  if (delta?.type === "text_delta" && delta.text !== "")
    return [{ kind: "text", text: delta.text }];
  if (delta?.type !== "thinking_delta" || delta.thinking === "") return [];
  return [{ kind: "reasoning", text: delta.thinking }];
}

function throwIfStopped(stop: string, charged: number | undefined): void {
  if (stop === "refusal") throw billedError("model.refused", "The model refused.", charged);
  if (stop === "model_context_window_exceeded") {
    const message = "The answer ran out of the context window.";
    throw billedError("model.context-too-long", message, charged);
  }
}

const WireUsage = z.object({
  input_tokens: Count,
  cache_read_input_tokens: Count,
  cache_creation_input_tokens: z.unknown().optional(),
  output_tokens: Count,
});

/** The wire counts cached tokens apart, as we do. */
function usageOf(wire: unknown): Usage {
  const data = WireUsage.parse(typeof wire === "object" && wire !== null ? wire : {});
  return {
    calls: 1,
    input: data.input_tokens,
    cachedInput: data.cache_read_input_tokens,
    output: data.output_tokens,
    ...knownCounts({ cacheWrite: data.cache_creation_input_tokens, reasoning: undefined }),
  };
}

function microsOf(dollars: number | undefined): number | undefined {
  return dollars === undefined ? undefined : Math.ceil(dollars * 1_000_000);
}
