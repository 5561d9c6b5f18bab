import { framed } from "../core/data-frame.ts";
import { NexusError } from "../core/errors.ts";
import type { ConflictedFile, Sides } from "../core/merge.ts";
import type { Message, Model, ModelReply } from "../core/model.ts";
import type { Redact } from "../core/redact.ts";
import { render } from "../core/render.ts";
import { addUsage, NO_USAGE, type Usage } from "../core/usage.ts";
import { problemOfResolution, unfitForModel } from "./check-resolution.ts";
import { conflictBrief, type Intents, LONGEST_SIDE, type MergePrompts } from "./conflict-brief.ts";
import { placesOf } from "./place-resolutions.ts";
import { readResolutions, SUBMIT_RESOLUTIONS } from "./resolution-reply.ts";

/** One file with conflicts, and what is settled of them already. */
export interface AskedFile {
  readonly sides: Sides;
  readonly merge: ConflictedFile;
  readonly intents: Intents;
  /** The texts that are known, by the index of their conflict: these are not asked for. */
  readonly known: ReadonlyMap<number, string>;
}

/** Who is asked, and what an answer must satisfy. */
export interface Asking {
  readonly model: Model;
  readonly prompts: MergePrompts;
  readonly redact: Redact;
  /** What is wrong with the file when these texts stand in the places of its conflicts; empty where nothing is. */
  readonly problemsOf: (texts: readonly string[]) => readonly string[];
  readonly signal: AbortSignal;
}

/** One text for every conflict, the known ones among them; or why there are none, in hostile text. */
export type ModelAnswer = { readonly usage: Usage } & (
  | { readonly kind: "proposed"; readonly texts: readonly string[] }
  | {
      readonly kind: "refused";
      readonly why: string;
      /** What was offered last for the places asked for, where that was readable. */
      readonly texts?: readonly string[];
      /** Where there was no money to ask. */
      readonly exhausted?: NexusError;
    }
);

const TRIES = 2;
const MAX_CONFLICTS = 12;
/** Of one file, not of the model: another file, and another call, may fare better; or nobody pays for it. */
const OF_THIS_FILE = new Set([
  "model.context-too-long",
  "model.refused",
  "model.malformed",
  "model.budget-exhausted",
]);

/**
 * Asks a model for all conflicts of a file that are not known. A bad answer goes back to it, a bounded number of
 * times. A text of the answer can only ever stand in the place of its conflict. Throws what the model throws,
 * unless it is about this file alone.
 */
export async function resolveByModel(file: AskedFile, at: Asking): Promise<ModelAnswer> {
  const brief = briefOf(file, at);
  if ("why" in brief) return { kind: "refused", why: brief.why, usage: NO_USAGE };
  const history: Message[] = [
    { role: "system", text: render(at.prompts.merge, {}) },
    { role: "user", text: brief.text },
  ];
  let usage = NO_USAGE;
  let last: Malformed = { kind: "malformed", problem: "" };
  for (let turn = 1; turn <= TRIES; turn++) {
    const reply = await replyTo(history, at);
    if ("why" in reply) return { ...reply, kind: "refused", usage };
    usage = addUsage(usage, reply.usage);
    const judged = judgedReply(reply, file, at);
    if (judged.kind !== "malformed") return { ...judged, usage };
    last = judged;
    history.push(...correction({ reply, turn, problem: last.problem }, at.prompts));
  }
  const { problem, texts } = last;
  return { kind: "refused", why: problem, usage, ...(texts && { texts }) };
}

function briefOf(file: AskedFile, at: Asking): { text: string } | { why: string } {
  const { conflicts } = file.merge;
  const places = placesOf(file.merge);
  if (!places) return { why: "Its conflicts could not be told apart." };
  const asked = [...conflicts.keys()].filter((index) => !file.known.has(index));
  if (asked.length > MAX_CONFLICTS) return { why: "It has too many conflicts for a model." };
  for (const index of asked) {
    const conflict = conflicts[index];
    const why = conflict && (tooLong(conflict) ?? unfitForModel(conflict, at.redact));
    if (why !== undefined) return { why };
  }
  const { sides, merge, intents } = file;
  const shown = { path: sides.path, file: merge, places, asked, intents, redact: at.redact };
  return { text: conflictBrief(at.prompts["merge-brief"], shown) };
}

function tooLong({ base, ours, theirs }: Omit<Sides, "path">): string | undefined {
  const longest = Math.max(base.length, ours.length, theirs.length);
  return longest > LONGEST_SIDE ? "It has a conflict that is too long for a model." : undefined;
}

async function replyTo(
  messages: readonly Message[],
  { model, signal }: Asking,
): Promise<ModelReply | { why: string; exhausted?: NexusError }> {
  // The same conflict and the same words say all there is to say: asking again is no new chance.
  const request = { messages, tools: [SUBMIT_RESOLUTIONS], mustCall: true, reusable: true };
  try {
    return await model.reply(request, signal);
  } catch (error) {
    if (!(error instanceof NexusError) || !OF_THIS_FILE.has(error.code)) throw error;
    return { why: error.message, ...(error.exhaustion && { exhausted: error }) };
  }
}

interface Malformed {
  readonly kind: "malformed";
  readonly problem: string;
  readonly texts?: readonly string[];
}

type Judged =
  | Malformed
  | { readonly kind: "proposed"; readonly texts: readonly string[] }
  | { readonly kind: "refused"; readonly why: string };

function judgedReply(reply: ModelReply, file: AskedFile, at: Asking): Judged {
  const { sides, merge, known } = file;
  const numbers = [...merge.conflicts.keys()].filter((i) => !known.has(i)).map((i) => i + 1);
  const read = readResolutions(reply, numbers);
  if (read.kind === "cannot") {
    return { kind: "refused", why: `The model leaves it to people: ${read.why}` };
  }
  if (read.kind === "malformed") return read;
  const problems: string[] = [];
  for (const [number, text] of read.texts) {
    const conflict = merge.conflicts[number - 1];
    const problem = conflict && problemOfResolution(text, { conflict, sides, redact: at.redact });
    if (problem !== undefined) problems.push(`The text of conflict ${number} ${problem}`);
  }
  const texts = [...merge.conflicts.keys()].map(
    (index) => known.get(index) ?? read.texts.get(index + 1) ?? "",
  );
  if (problems.length === 0) problems.push(...at.problemsOf(texts));
  if (problems.length === 0) return { kind: "proposed", texts };
  return { kind: "malformed", problem: problems.join("\n"), texts: [...read.texts.values()] };
}

function correction(
  { reply, turn, problem }: { reply: ModelReply; turn: number; problem: string },
  prompts: MergePrompts,
): readonly Message[] {
  // Ids of our own: what a provider sent may be empty, or there twice.
  const calls = reply.calls.slice(0, 4).map((call, n) => ({ ...call, id: `merge_${turn}_${n}` }));
  // A problem can name what stands in the files.
  const text = render(prompts["merge-correction"], { problem: framed("problem", problem, 4_000) });
  const said: Message = {
    role: "assistant",
    text: reply.text,
    calls,
    ...(reply.vendor !== undefined && { vendor: reply.vendor }),
  };
  if (calls.length === 0) return [said, { role: "user", text }];
  return [said, ...calls.map(({ id }): Message => ({ role: "tool", callId: id, text }))];
}
