import type { AskedBy } from "../../core/weakening.ts";

const ASKS =
  /\b(?:delete|remove|drop|skip|disable|retire|get rid of|take out|quarantine|lower|relax|loosen)\b[^.\n;]{0,80}\b(?:tests?|specs?|suites?|assertions?|coverage|threshold|lint|rules?|workflow|pipeline|ci|checks?)\b/i;
const DENIES =
  /\b(?:do not|don't|dont|never|without|must not|no need to|not)\s+(?:\w+\s+){0,3}?(?:delet|remov|drop|skip|disabl|retir|lower|relax|loosen|weaken)/i;

interface Wishes {
  /** What a person wrote. */
  readonly request: string;
  /** What a model wrote into its plan. */
  readonly goals: readonly string[];
}

/** Who asked in so many words that tests be taken away; a sentence that forbids it asks for nothing. */
export function askedFor({ request, goals }: Wishes): AskedBy | undefined {
  if (asks(request)) return "request";
  return goals.some(asks) ? "plan" : undefined;
}

function asks(text: string): boolean {
  const sentences = text.split(/[.\n;]/);
  return sentences.some((sentence) => ASKS.test(sentence) && !DENIES.test(sentence));
}
