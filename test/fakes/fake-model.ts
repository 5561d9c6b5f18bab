import { NexusError } from "../../src/core/errors.ts";
import type { Model, ModelReply, ModelRequest, ToolCall } from "../../src/core/model.ts";

/** A reply of which only what matters is said. */
export type FakeReply = Partial<ModelReply> | NexusError;

export interface FakeModel extends Model {
  /** Every request in order, as it was when it was made. */
  readonly requests: readonly ModelRequest[];
}

/** Gives the replies in order, or what the function says, and keeps the requests. An error is thrown. */
export function fakeModel(
  replies: readonly FakeReply[] | ((request: ModelRequest, turn: number) => FakeReply),
): FakeModel {
  const requests: ModelRequest[] = [];
  return {
    name: "fake",
    requests,
    async reply(request, signal) {
      const turn = requests.length;
      requests.push({ ...request, messages: structuredClone(request.messages) });
      if (signal.aborted) throw new NexusError("aborted", "The call was stopped.");
      const reply = typeof replies === "function" ? replies(request, turn) : replies[turn];
      if (reply === undefined) throw new Error(`The fake model has no reply number ${turn + 1}.`);
      if (reply instanceof NexusError) throw reply;
      return {
        text: "",
        calls: [],
        usage: { calls: 1, input: 10, cachedInput: 0, output: 5 },
        stop: (reply.calls ?? []).length > 0 ? "calls" : "end",
        ...reply,
      };
    },
  };
}

let calls = 0;

/** A tool call with input as an object, or as raw text. */
export function call(name: string, input: unknown): ToolCall {
  calls += 1;
  return {
    id: `call_${calls}`,
    name,
    input: typeof input === "string" ? input : JSON.stringify(input),
  };
}

/** A reply that makes these calls. */
export function calling(...made: readonly ToolCall[]): Partial<ModelReply> {
  return { calls: made };
}
