import type { CheckResult } from "../core/evidence.ts";
import type { Plan } from "../core/plan.ts";

/** What the architect is told of a task. All of its text is hostile, and shown within bounds. */
export interface Brief {
  readonly request: string;
  readonly issue: { readonly title: string; readonly body: string };
  /** Paths of all files of the repository. */
  readonly paths: readonly string[];
  /** Files that explain the repository: README, manifests. */
  readonly files: readonly { readonly path: string; readonly content: string }[];
  /** The repository's checks as they came out on the base commit. */
  readonly checks: readonly CheckResult[];
  /** Programs, or programs with their first words, that the repository forbids. */
  readonly deny?: readonly string[] | undefined;
  /** Files that the request is most likely about, best first, each with why and the lines that say so. */
  readonly found?: readonly FoundFile[];
  /** What the default branch tells people and programs who change the repository. */
  readonly rules?: readonly { readonly path: string; readonly content: string }[];
  /** An earlier plan with what people said to it: answers to its questions, and changes that they want. */
  readonly revision?: Revision | undefined;
}

interface FoundFile {
  readonly path: string;
  readonly reasons: readonly string[];
  readonly lines: readonly { readonly line: number; readonly text: string }[];
}

/** A plan that was shown to people, and their words on it. */
export interface Revision {
  readonly plan: Plan;
  /** Hostile text. */
  readonly reply: string;
}
