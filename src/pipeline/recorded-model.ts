import type { Message, Model, ModelReply, ModelRequest } from "../core/model.ts";
import { type RequestDigest, requestDigest } from "../core/request-digest.ts";
import type { Step } from "../swarm/step.ts";

/** A replay that is not what was recorded, and where it first is not. */
export class Differs extends Error {
  override readonly name = "Differs";
}

/** The recording broke off here: there is nothing more to compare with. */
export class EndOfRecording extends Error {
  override readonly name = "EndOfRecording";
}

/** What a recorded model is made of. */
interface Recording {
  readonly steps: readonly Step[];
  /** True where the agent came to an end of its own: it must not ask for more. */
  readonly isWhole: boolean;
  /** A text as it stands in the record. */
  readonly gate: (text: string) => string;
}

const PART_NAMES: Readonly<Record<keyof RequestDigest, string>> = {
  prompts: "the prompts, or what they tell of the task",
  history: "what the history says of replies and results",
  tools: "the tools",
  answer: "the shape of the wanted reply",
};

/** Tools whose results come from outside the loop: what they say may differ from run to run. */
export const OUTSIDE: ReadonlySet<string> = new Set(["run", "ask_context"]);

/**
 * A model that replies what was recorded, each time to the very request that the recorded reply answered.
 * Throws `Differs` where the request is another one, and `EndOfRecording` after the last reply.
 */
export function recordedModel({ steps, isWhole, gate }: Recording): Model {
  let turn = 0;
  return {
    name: "recorded",
    async reply(request) {
      const step = steps[turn];
      if (!step) throw isWhole ? new Differs(tooMany(turn)) : new EndOfRecording();
      const known = steps.slice(0, turn);
      turn += 1;
      const digest = await requestDigest(asRecorded(request, { known, gate }));
      const parts = differing(step.request, digest);
      if (parts.length > 0)
        throw new Differs(`step ${step.number} asks otherwise: ${parts.join("; ")}`);
      return replyOf(step);
    },
  };
}

function tooMany(turn: number): string {
  return `the agent goes on after step ${turn}, where the recorded one ended`;
}

function differing(recorded: RequestDigest | undefined, now: RequestDigest): string[] {
  if (!recorded) return [];
  const parts = Object.keys(PART_NAMES) as (keyof RequestDigest)[]; // as they are written above
  return parts.flatMap((part) => (recorded[part] === now[part] ? [] : PART_NAMES[part]));
}

function replyOf({ text, calls, usage, stop, vendor }: Step): ModelReply {
  return {
    text,
    calls: calls.map(({ id, name, input }) => ({ id, name, input })),
    usage,
    stop,
    ...(vendor !== undefined && { vendor }),
  };
}

/** What commands print, such as a duration, is not the loop's: the model is shown what it was shown then. */
function asRecorded(
  request: ModelRequest,
  { known, gate }: { readonly known: readonly Step[]; readonly gate: (text: string) => string },
): ModelRequest {
  const calls = known.flatMap((step) => step.calls);
  let next = 0;
  const messages = request.messages.map((message): Message => {
    if (message.role !== "tool") return message;
    const call = calls[next];
    next += 1;
    const isTheirs = call && OUTSIDE.has(call.name) && gate(message.text) !== call.result;
    return isTheirs ? { ...message, text: call.result } : message;
  });
  return { ...request, messages };
}
