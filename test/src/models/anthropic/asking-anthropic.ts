import { openModel } from "../../../../src/models/open-model.ts";
import { anthropicWire, event } from "../../../world/model/anthropic-wire.ts";
import type { Wire } from "../../../world/model/wire.ts";
import { startWireServer, type WireTurn } from "../../../world/model/wire-server.ts";
import { asking, patience } from "../asking.ts";

export const KEY = "sk-ant-test-3f9a77c1";

export async function serving(...turns: readonly WireTurn[]) {
  return await servingWire(anthropicWire, turns);
}

/** A pause is gone on from by what is a mistake elsewhere: an answer at the end. */
export async function servingAnything(...turns: readonly WireTurn[]) {
  return await servingWire({ ...anthropicWire, mistakes: () => [] }, turns);
}

async function servingWire(wire: Wire, turns: readonly WireTurn[]) {
  const server = await startWireServer(
    wire,
    (index) => turns[Math.min(index, turns.length - 1)] ?? { say: {} },
  );
  const model = openModel({
    provider: "anthropic",
    baseUrl: server.url,
    model: "claude-test",
    apiKey: KEY,
    effort: "low",
    timeoutMs: 60_000,
    wait: async () => {},
  });
  return {
    ...server,
    ask: (given: Parameters<typeof asking>[0] = {}) => model.reply(asking(given), patience()),
  };
}

/** A whole answer of the given blocks, each sent at once. */
export function answer(blocks: readonly object[], stop = "end_turn", usage: object = {}): string {
  const message = { type: "message", model: "claude-served", content: [], usage: {} };
  return [
    event({ type: "message_start", message }),
    ...blocks.flatMap((content_block, index) => [
      event({ type: "content_block_start", index, content_block }),
      event({ type: "content_block_stop", index }),
    ]),
    event({ type: "message_delta", delta: { stop_reason: stop }, usage }),
    event({ type: "message_stop" }),
  ].join("");
}

export function refused(status: number, error_code: string): WireTurn {
  const error = { type: "rate_limit_error", message: "no", details: { error_code } };
  return { status, headers: { "retry-after": "9" }, body: { type: "error", error } };
}
