import { isOneSlipAway, type RequestOptions, readOptions } from "./options.ts";

/** A command that was understood: something to be done, or a word on what waits for one. */
export interface Request {
  readonly verb: "plan" | "approve" | undefined;
  readonly words: string;
  readonly options: RequestOptions;
  /** The first word, where it is only close to `approve`: too little to approve, too much to be a request. */
  readonly slip?: string;
}

const FIRST = /^(?<word>[a-z]{4,8})(?:[:,.!]+(?=\s|$)|(?=\s|$))\s*/i;

/** Reads `plan` and `approve` as the first word, with options before and behind it. Any other text is the request itself. */
export function readRequest(command: string): Request {
  const { options, words } = readOptions(command);
  const match = FIRST.exec(words);
  const word = match?.groups?.word?.toLowerCase() ?? "";
  const verb = word === "plan" || word === "approve" ? word : undefined;
  const isSlip = word !== "approve" && isOneSlipAway(word, "approve");
  if (!match || !(verb || isSlip)) return { verb: undefined, words, options };
  const rest = readOptions(words.slice(match[0].length));
  const read = { words: rest.words, options: together(options, rest.options) };
  return verb ? { verb, ...read } : { verb: "approve", ...read, slip: word };
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
