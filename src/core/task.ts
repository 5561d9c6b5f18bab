import { z } from "zod";

/** A repository on the platform. */
export const Repo = z.object({ owner: z.string().min(1), name: z.string().min(1) });
export type Repo = z.infer<typeof Repo>;

/** What somebody asked Nexus to do, free of the platform's payload shapes. */
export const Task = z.object({
  /** The id of the webhook delivery, so a redelivered event is the same task. */
  id: z.string().regex(/^[A-Za-z0-9-]{1,100}$/),
  repo: Repo,
  /** The App installation through which the repository is reached. */
  installationId: z.number().int().positive(),
  /** Number of the issue or pull request the request was written on. */
  issue: z.number().int().positive(),
  isPullRequest: z.boolean(),
  /** The comment that carries the request; absent where nobody wrote one. */
  commentId: z.number().int().positive().optional(),
  requestedBy: z.string().min(1),
  /** The words after `/nexus`. Hostile text. */
  request: z.string().min(1),
  /** What was asked for by `--dry-run` and `--hold`. */
  dryRun: z.boolean().optional(),
  hold: z.boolean().optional(),
  /** Nobody starts to work before somebody approves the plan: asked for by `/nexus plan`. */
  planFirst: z.boolean().optional(),
  /** The most it may cost, in millionths of a dollar, as asked for by `--budget`. */
  budget: z.number().int().positive().optional(),
  /** What stood in the place of a budget and is no amount: it is answered, and nothing is started. Hostile text. */
  misread: z.string().optional(),
  /** Nobody asked: Nexus' own pull request is kept mergeable, as long as no person has committed to it. */
  keepsMergeable: z.boolean().optional(),
});
export type Task = z.infer<typeof Task>;
