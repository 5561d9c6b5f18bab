import { z } from "zod";
import { Repo } from "./task.ts";

/** A branch got new commits: pull requests that are to go into it may not merge any more. */
export const BaseMoved = z.object({
  kind: z.literal("base-moved"),
  /** The id of the webhook delivery. */
  id: z.string().regex(/^[A-Za-z0-9-]{1,100}$/),
  repo: Repo,
  installationId: z.number().int().positive(),
  branch: z.string().min(1),
  /** The commit that it points at now. */
  head: z.string().regex(/^[0-9a-f]{40,64}$/),
});
export type BaseMoved = z.infer<typeof BaseMoved>;
