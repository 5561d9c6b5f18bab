import type { ChatRequest, WireUsage } from "./chat-wire.ts";
import { textOf } from "./chat-wire.ts";

/** A call the scripted model makes. `rawJson` is sent as it is, also when it is no JSON. */
export interface ScriptedCall {
  readonly name: string;
  readonly input?: unknown;
  readonly rawJson?: string;
  /** Default: one that no other call has. */
  readonly id?: string;
}

/** An ordinary answer. */
export interface Answer {
  readonly text?: string;
  readonly calls?: readonly ScriptedCall[];
  /** Default: counted from the lengths; null: the vendor does not say. */
  readonly usage?: WireUsage | null;
  readonly delayMs?: number;
  /** Default: what the text and the calls make of it. */
  readonly finish?:
    | "stop"
    | "tool_calls"
    | "length"
    | "content_filter"
    | "model_context_window_exceeded";
  readonly refusal?: string;
  readonly reasoning?: string;
}

/** What the scripted model does with one request. */
export type Turn =
  | Answer
  | { readonly status: number; readonly headers?: Record<string, string>; readonly body?: unknown }
  /** Accepts and never answers; ends with the server. */
  | { readonly hang: true }
  /** The connection breaks in the middle of an answer. */
  | { readonly cut: true }
  /** Sent with status 200 as it is; the type is that of the request unless given. */
  | { readonly raw: string; readonly type?: string };

/** Who asks, as far as the request tells. */
export interface AskingAgent {
  readonly system: string;
  readonly firstUserText: string;
  readonly lastUserText: string;
  readonly tools: readonly string[];
  /** The id after `Work item:` in the first user message. */
  readonly workItem: string | undefined;
}

/** One request as a script sees it. */
export interface ScriptedRequest {
  /** How many requests came before it. */
  readonly index: number;
  readonly body: ChatRequest;
  readonly agent: AskingAgent;
}

/** Decides every answer. What it throws is a 400 and a violation. */
export type Script = (call: ScriptedRequest) => Turn | Promise<Turn>;

/** Reads who asks from what is asked. */
export function askingAgent({ messages, tools }: ChatRequest): AskingAgent {
  const system = messages.filter(({ role }) => role === "system" || role === "developer");
  const user = messages.filter(({ role }) => role === "user").map(textOf);
  return {
    system: system.map(textOf).join("\n"),
    firstUserText: user[0] ?? "",
    lastUserText: user.at(-1) ?? "",
    tools: (tools ?? []).map((tool) => tool.function.name),
    workItem: /^Work item: (\S+)\s*$/m.exec(user[0] ?? "")?.[1],
  };
}
