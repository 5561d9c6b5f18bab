import type { Model, ModelReply, ModelRequest } from "../core/model.ts";
import { type RequestDigest, requestDigest } from "../core/request-digest.ts";
import { bounded } from "./step.ts";

/** A reply with what it answers. */
export type Answered = ModelReply & { readonly request: RequestDigest };

/** One reply, of which an agent sees no more than is recorded: whoever replays the record sees the same. */
export async function ask(
  model: Model,
  request: ModelRequest,
  signal: AbortSignal,
): Promise<Answered> {
  const digest = await requestDigest(request);
  return { ...bounded(await model.reply(request, signal)), request: digest };
}
