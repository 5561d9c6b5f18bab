import { z } from "zod";
import { Task } from "./task.ts";

/** Somebody's word on a plan that waits for one: `/nexus approve` with or without words. */
export const Approval = z.object({
  kind: z.literal("approval"),
  ...Task.pick({
    id: true,
    repo: true,
    installationId: true,
    issue: true,
    isPullRequest: true,
    requestedBy: true,
    dryRun: true,
    hold: true,
    budget: true,
    misread: true,
  }).shape,
  commentId: z.number().int().positive(),
  /** When it was written, by the platform's clock. */
  madeAt: z.iso.datetime().optional(),
  /** What was written in the place of `approve` and is only close to it: it is answered, and approves nothing. */
  slip: z.string().optional(),
  /** What follows `approve`; empty where nothing does. Hostile text. */
  words: z.string(),
});
export type Approval = z.infer<typeof Approval>;
