import { z } from "zod";

/** One place where a change makes tests, or what runs them, prove less than before. Found by rule, never told by a model. */
export const Weakening = z.object({
  path: z.string(),
  /** From 1; in the head, or in the base where the thing is gone. */
  line: z.number().int().positive(),
  side: z.enum(["base", "head"]),
  kind: z.enum([
    "deleted-test-file",
    "deleted-test",
    "skipped",
    "weakened-assertion",
    "emptied",
    /** Less is run, or a red result is let pass. */
    "narrowed-run",
    /** A rule of a linter or type checker was switched off. */
    "switched-off-rule",
    /** A test demands something else. Every change of behaviour brings it, so it is told and stops nothing. */
    "changed-expectation",
  ]),
  /** What stands there, or stood there. Hostile text. */
  text: z.string().max(300),
});
export type Weakening = z.infer<typeof Weakening>;

/** Who asked in words that tests be taken away: the person in the request, or a model in its plan. */
export const AskedBy = z.enum(["request", "plan"]);
export type AskedBy = z.infer<typeof AskedBy>;
