import type { z } from "zod";
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
}

export interface ModelReply {
  readonly text: string;
  readonly calls: readonly ToolCall[];
  readonly usage: Usage;
  readonly stop: "end" | "calls" | "length";
  /** Opaque JSON that the vendor wants back in the history, such as its model's reasoning. */
  readonly vendor?: unknown;
}

/** One configured model. */
export interface Model {
  /** As configured; shown to people. */
  readonly name: string;
  /**
   * One reply to one request, within the adapter's time limit and bounded retries.
   * Throws NexusError `model.*` when the provider does not give one, `aborted` when the signal fires.
   */
  reply(request: ModelRequest, signal: AbortSignal): Promise<ModelReply>;
}
