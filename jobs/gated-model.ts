import type { Message, Model, ToolCall } from "../src/core/model.ts";
import type { Redact } from "../src/core/redact.ts";
import { gate } from "./gate.ts";

/**
 * A model behind the gate, in both directions: no secret reaches a prompt, and none that the other side
 * knows all the same, such as its own key, comes back into a container or a commit. What passes becomes
 * code: `redact` is to take what is known to be a secret and leave what only looks like one.
 */
export function gatedModel(model: Model, redact: Redact): Model {
  return {
    name: model.name,
    async reply(request, signal) {
      const messages = request.messages.map((message) => gateMessage(message, redact));
      const reply = await model.reply({ ...request, messages }, signal);
      return gateSaid(reply, redact);
    },
  };
}

function gateMessage(message: Message, redact: Redact): Message {
  if (message.role === "assistant") return gateSaid(message, redact);
  return { ...message, text: redact(message.text) };
}

interface Said {
  readonly text: string;
  readonly calls: readonly ToolCall[];
  readonly vendor?: unknown;
}

/** Ids and the names of tools hold the conversation together; they stay. */
function gateSaid<T extends Said>(said: T, redact: Redact): T {
  return {
    ...said,
    text: redact(said.text),
    calls: said.calls.map((call) => ({ ...call, input: redact(call.input) })),
    ...(said.vendor !== undefined && { vendor: gate(said.vendor, redact) }),
  };
}
