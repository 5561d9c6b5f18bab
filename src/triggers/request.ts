import { type RequestOptions, readOptions } from "./options.ts";

/** A command that was understood: something to be done, or a word on what waits for one. */
export interface Request {
  readonly verb: "plan" | "approve" | undefined;
  readonly words: string;
  readonly options: RequestOptions;
}

const VERB = /^(?<verb>plan|approve)(?:[:,.!]+(?=\s|$)|(?=\s|$))\s*/i;

/** Reads `plan` and `approve` as the first word, with options before and behind it. Any other text is the request itself. */
export function readRequest(command: string): Request {
  const { options, words } = readOptions(command);
  const match = VERB.exec(words);
  const verb = match?.groups?.verb?.toLowerCase();
  if (!match || (verb !== "plan" && verb !== "approve")) {
    return { verb: undefined, words, options };
  }
  const rest = readOptions(words.slice(match[0].length));
  return { verb, words: rest.words, options: together(options, rest.options) };
}

function together(one: RequestOptions, other: RequestOptions): RequestOptions {
  const budgets = [one.budget, other.budget].filter((budget) => budget !== undefined);
  const misread = one.misread ?? other.misread;
  return {
    dryRun: one.dryRun || other.dryRun,
    hold: one.hold || other.hold,
    ...(budgets.length > 0 && { budget: Math.min(...budgets) }),
    ...(misread !== undefined && { misread }),
  };
}
