import type { Model } from "../src/core/model.ts";
import type { Redact } from "../src/core/redact.ts";
import { gate } from "./gate.ts";

/**
 * A model behind the gate, in both directions: no secret reaches a prompt, and none that the other side
 * knows all the same, such as its own key, comes back into a container or a commit.
 */
export function gatedModel(model: Model, redact: Redact): Model {
  return {
    name: model.name,
    async reply(request, signal) {
      const messages = gate(request.messages, redact);
      return gate(await model.reply({ ...request, messages }, signal), redact);
    },
  };
}
