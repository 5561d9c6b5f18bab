import type { z } from "zod";
import type { Bill } from "./bill.ts";
import type { ErrorCode } from "./errors.ts";
import type { Usage } from "./usage.ts";

/** What the model asks to do. `input` is its raw JSON text: input to be parsed, not trusted. */
export interface ToolCall {
  readonly id: string;
  readonly name: string;
  readonly input: string;
}

/** One entry of the append-only history of an agent. */
export type Message =
  | { readonly role: "system" | "user"; readonly text: string }
  | {
      readonly role: "assistant";
      readonly text: string;
      readonly calls: readonly ToolCall[];
      /** `ModelReply.vendor`, handed back untouched. */
      readonly vendor?: unknown;
    }
  | { readonly role: "tool"; readonly callId: string; readonly text: string };

/** A tool as the model is told of it. */
export interface ToolDefinition {
  readonly name: string;
  readonly description: string;
  readonly input: z.ZodType;
}

export interface ModelRequest {
  readonly messages: readonly Message[];
  readonly tools: readonly ToolDefinition[];
  /** True: the reply must call one of the tools. */
  readonly mustCall: boolean;
  /** The reply's text is to be JSON of this shape. Whoever asks still parses it: a vendor may not hold to it. */
  readonly output?: OutputShape;
  /** The same for all requests that begin alike, so that a vendor finds its cache of that beginning. */
  readonly cacheKey?: string;
  /** True: an earlier reply to the very same request will do as well. Only where asking again is no new chance. */
  readonly reusable?: boolean;
}

/** The shape of a structured reply and the name the vendor is told for it. */
export interface OutputShape {
  readonly name: string;
  readonly schema: z.ZodType;
}

/** What can be shown of a reply while it arrives. Only the reply itself counts. Hostile text. */
export type ModelEvent =
  | { readonly kind: "text"; readonly text: string }
  | { readonly kind: "reasoning"; readonly text: string }
  | { readonly kind: "call"; readonly name: string };

export interface ModelReply {
  readonly text: string;
  readonly calls: readonly ToolCall[];
  readonly usage: Usage;
  readonly stop: "end" | "calls" | "length";
  /** The model as the vendor names it in its answer, where it does. Hostile text. */
  readonly servedBy?: string;
  /** Opaque JSON that the vendor wants back in the history, such as its model's reasoning. */
  readonly vendor?: unknown;
  /** What the vendor itself says that the call costs, in millionths of a dollar, where it does. */
  readonly charged?: number;
  /** What the task paid for it; absent where nothing is paid for. */
  readonly cost?: Bill;
  /** Which of several models replied, and what came before. */
  readonly served?: Served;
}

/** Who gave a reply, and who was asked in vain before. */
export interface Served {
  readonly provider: string;
  readonly model: string;
  /** For its turn before the vendor's limit, and between its tries. */
  readonly waitedMs: number;
  /** True: an earlier reply to the same request, which costs nothing. */
  readonly isReused?: true;
  readonly attempts: readonly Attempt[];
}

/** One try that gave no reply, or a model that was passed over because it failed a moment ago. */
export interface Attempt {
  readonly provider: string;
  readonly model: string;
  readonly code: ErrorCode;
  readonly waitedMs: number;
}

/** One configured model. */
export interface Model {
  /** As configured; shown to people. */
  readonly name: string;
  /**
   * One reply to one request, within the adapter's time limit and bounded retries.
   * Throws NexusError `model.*` when the provider does not give one, `aborted` when the signal fires.
   */
  reply(
    request: ModelRequest,
    signal: AbortSignal,
    onEvent?: (event: ModelEvent) => void,
  ): Promise<ModelReply>;
}
