import type { NexusError } from "../core/errors.ts";
import type { FileMerge, HunkReport, RefusedProposal } from "../core/merge.ts";
import type { Model } from "../core/model.ts";
import type { Redact } from "../core/redact.ts";
import type { ResolutionMemory } from "../core/resolution-memory.ts";
import type { Syntax } from "../core/syntax.ts";
import { addUsage, NO_USAGE, type Usage } from "../core/usage.ts";
import { resolveByModel } from "./ask-model.ts";
import type { Intents, MergePrompts } from "./conflict-brief.ts";
import { filledIn, problemsWith, type UnsettledFile } from "./fill-in.ts";
import { type Resolution, recalled, resolutionOf } from "./remembered.ts";

/** Who can help with what the texts alone do not settle. */
export interface Help {
  readonly memory: ResolutionMemory;
  /** Undefined where no model is configured. */
  readonly model: Model | undefined;
  readonly prompts: MergePrompts;
  readonly syntax: Syntax;
  /** One that takes what only looks like a secret, too: what it would change is kept from the model. */
  readonly redact: Redact;
  readonly intents: Intents;
  readonly signal: AbortSignal;
}

/** One file after help: every conflict of it is settled, or all of them are left. */
export interface HelpedFile {
  readonly path: string;
  /** What was settled here has the confidence `proposed`: only a green run of the checks makes it more. */
  readonly merge: FileMerge;
  readonly refused: readonly RefusedProposal[];
  /** To be kept once the checks are green on it. */
  readonly resolutions: readonly Resolution[];
}

/** What came of asking for help. */
export interface Helped {
  readonly files: readonly HelpedFile[];
  readonly usage: Usage;
  /** Why files are left, where money is the only reason. */
  readonly exhausted?: NexusError | undefined;
}

const MAX_FILES_ASKED = 20;
const WHY = {
  remembered: "the same conflict was settled this way before",
  model: "a model put both changes together",
};

/**
 * Settles conflicts by what is remembered and then by a model. All of it is proposed, nothing proven: the caller
 * runs the checks on it. Throws what the memory and the model throw.
 */
export async function settleWithHelp(
  unsettled: readonly UnsettledFile[],
  help: Help,
): Promise<Helped> {
  const recollected: Recollected[] = [];
  for (const file of unsettled) {
    recollected.push({ file, remembered: await rememberedFor(file, help) });
  }
  const open = recollected.filter(({ remembered }) => !remembered.texts);
  // All are settled, or none is of use: more than are asked about cost tokens for nothing.
  let model = open.length > MAX_FILES_ASKED ? undefined : help.model;
  const all: HelpedOne[] = [];
  let exhausted: NexusError | undefined;
  for (const one of recollected) {
    const helped = await helpWith(one, { ...help, model });
    all.push(helped);
    exhausted ??= helped.exhausted;
    // One file that is left is enough: the others are not paid for any more.
    if (exhausted) model = undefined;
  }
  const files = all.map(({ file }) => file);
  const usage = all.reduce((sum, one) => addUsage(sum, one.usage), NO_USAGE);
  const isOnlyMoney = files.every(({ refused }) => refused.length === 0);
  return { files, usage, exhausted: isOnlyMoney ? exhausted : undefined };
}

interface HelpedOne {
  readonly file: HelpedFile;
  readonly usage: Usage;
  readonly exhausted?: NexusError;
}

interface Recollected {
  readonly file: UnsettledFile;
  readonly remembered: Remembered;
}

type Known = ReadonlyMap<number, string>;
const NOTHING: Known = new Map();

async function helpWith({ file, remembered }: Recollected, help: Help): Promise<HelpedOne> {
  if (remembered.texts) {
    const merged = await proposed(file, { texts: remembered.texts, known: remembered.known }, help);
    return { file: merged, usage: NO_USAGE };
  }
  const { known, refused } = remembered;
  if (!help.model) return { file: unhelped(file, refused), usage: NO_USAGE };
  const answer = await resolveByModel(
    { ...file, intents: help.intents, known },
    {
      ...help,
      model: help.model,
      problemsOf: (texts) => problemsWith(file, texts, help.syntax),
    },
  );
  const { usage } = answer;
  if (answer.kind === "refused" && answer.exhausted) {
    return { file: unhelped(file, refused), usage, exhausted: answer.exhausted };
  }
  if (answer.kind === "refused") {
    return { file: unhelped(file, [...refused, refusal("model", answer)]), usage };
  }
  const merged = await proposed(file, { texts: answer.texts, known }, help);
  return { file: { ...merged, refused }, usage };
}

interface Remembered {
  readonly known: Known;
  /** Where all conflicts are remembered and nothing is wrong with that. */
  readonly texts?: readonly string[];
  readonly refused: readonly RefusedProposal[];
}

async function rememberedFor(file: UnsettledFile, help: Help): Promise<Remembered> {
  const { conflicts } = file.merge;
  const known = await recalled(conflicts, help.memory);
  if (known.size === 0 || known.size < conflicts.length) return { known, refused: [] };
  const texts = conflicts.map((_, index) => known.get(index) ?? "");
  const problems = problemsWith(file, texts, help.syntax);
  if (problems.length === 0) return { known, texts, refused: [] };
  return { known: NOTHING, refused: [refusal("remembered", { why: problems.join(" "), texts })] };
}

function refusal(
  stage: RefusedProposal["stage"],
  { why, texts }: { readonly why: string; readonly texts?: readonly string[] },
): RefusedProposal {
  return { stage, why, ...(texts && { text: texts.join("\n") }) };
}

async function proposed(
  file: UnsettledFile,
  { texts, known }: { readonly texts: readonly string[]; readonly known: Known },
  { redact }: Help,
): Promise<HelpedFile> {
  const { text, lines, hunks } = filledIn(file, texts);
  const settled = lines.map((line, index): HunkReport => {
    const stage = known.has(index) ? "remembered" : "model";
    return { stage, line, why: WHY[stage], confidence: "proposed" };
  });
  const kept = await Promise.all(
    file.merge.conflicts.map((conflict, index) =>
      resolutionOf(conflict, texts[index] ?? "", redact),
    ),
  );
  return {
    path: file.sides.path,
    merge: {
      kind: "merged",
      text,
      hunks: [...hunks, ...settled].toSorted((a, b) => a.line - b.line),
    },
    refused: [],
    resolutions: kept.filter((one) => one !== undefined),
  };
}

function unhelped(file: UnsettledFile, refused: readonly RefusedProposal[]): HelpedFile {
  return { path: file.sides.path, merge: file.merge, refused, resolutions: [] };
}
