import { z } from "zod";
import { canonicalText, plainAnswer, plainTool } from "./canonical-request.ts";
import type { ModelRequest } from "./model.ts";

const Sha256 = z.string().regex(/^[0-9a-f]{64}$/);

/** What a model was asked, as SHA-256 of its parts: two requests with the same digest are the same to a model. */
export const RequestDigest = z.object({
  /** The messages before its first reply: prompts, and what they tell of the task. */
  prompts: Sha256,
  /** Its replies so far with their results, and what was said in between. */
  history: Sha256,
  tools: Sha256,
  /** Whether it must call a tool, and the shape its text is to have. */
  answer: Sha256,
});
export type RequestDigest = z.infer<typeof RequestDigest>;

/** The digest of a request, whatever the order of the keys in it. */
export async function requestDigest(request: ModelRequest): Promise<RequestDigest> {
  const { messages, tools } = request;
  const first = messages.findIndex(({ role }) => role === "assistant");
  const split = first === -1 ? messages.length : first;
  return {
    prompts: await sha256(messages.slice(0, split)),
    history: await sha256(messages.slice(split)),
    tools: await sha256(tools.map(plainTool)),
    answer: await sha256(plainAnswer(request)),
  };
}

async function sha256(value: unknown): Promise<string> {
  const bytes = new TextEncoder().encode(canonicalText(value));
  const hash = new Uint8Array(await crypto.subtle.digest("SHA-256", bytes));
  return Array.from(hash, (byte) => byte.toString(16).padStart(2, "0")).join("");
}
