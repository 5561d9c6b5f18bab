import { z } from "zod";
import type { ModelRequest } from "../../../../src/core/model.ts";
import { createModel } from "../../../../src/models/create-model.ts";
import { openGemini } from "../../../../src/models/gemini/open-gemini.ts";
import { geminiWire } from "../../../world/model/gemini-wire.ts";
import {
  startWireServer,
  type WireServer,
  type WireTurn,
} from "../../../world/model/wire-server.ts";

export const KEY = "AIzaTestKeyThatIsNone0123456789";

export const readFile = {
  name: "read_file",
  description: "Reads one file.",
  input: z.strictObject({ path: z.string().min(1).max(90), how: z.literal("whole").optional() }),
};

export function serving(turn: WireTurn) {
  return startWireServer(geminiWire, () => turn);
}

export async function ask(
  server: WireServer,
  given: Partial<ModelRequest> & { effort?: string; maxOutputTokens?: number; tries?: number } = {},
) {
  const { effort, maxOutputTokens, tries = 1, ...request } = given;
  const waits: number[] = [];
  const model = createModel(
    "gemini",
    openGemini({
      model: "gemini-3-flash",
      apiKey: KEY,
      baseUrl: `${server.url}/`,
      ...(effort && { effort }),
      ...(maxOutputTokens && { maxOutputTokens }),
    }),
    {
      timeoutMs: 60_000,
      maxTries: tries,
      wait: async (ms) => {
        waits.push(ms);
      },
    },
  );
  const reply = model.reply(
    { messages: [{ role: "user", text: "Hello." }], tools: [], mustCall: false, ...request },
    new AbortController().signal,
  );
  return { reply, waits };
}

/** The events of a stream as Google ends its lines. */
export function events(...all: readonly unknown[]): WireTurn {
  return { raw: all.map((data) => `data: ${JSON.stringify(data)}\r\n\r\n`).join("") };
}

export function part(...parts: readonly object[]) {
  return { candidates: [{ content: { role: "model", parts } }] };
}

export const END = { candidates: [{ finishReason: "STOP" }] };
