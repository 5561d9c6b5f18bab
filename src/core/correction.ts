import { z } from "zod";
import { FileChange } from "./change-set.ts";

/** One try to make red checks pass after the work was joined, and what came of it. Read back, never told by a model. */
export const Correction = z.object({
  /** From 1. */
  number: z.number().int().positive(),
  /**
   * `continued`: whoever did the work, with what it knew. `fresh`: a worker that knows nothing of it, of another model
   * where there is one. `left-out`: without the work items that are to blame, and nobody asked.
   */
  kind: z.enum(["continued", "fresh", "left-out"]),
  /** The work items that were corrected or left out; empty where none could be blamed. */
  blamed: z.array(z.object({ item: z.string(), title: z.string() })),
  /** Who replied. */
  models: z.array(z.string()),
  files: z.array(FileChange),
  /** `kept`: it is on the branch. `thrown-away`: more failed with it than before, or nothing less without an item. `repeated`: known to be red. */
  ending: z.enum(["kept", "thrown-away", "unchanged", "repeated", "gave-up"]),
  /** Why it was not finished, where it `gave-up`. */
  stopped: z.object({ code: z.string(), reason: z.string() }).optional(),
  /** The branch with it; absent where nothing was changed. */
  commit: z.string().optional(),
  tree: z.string().optional(),
  /** Names of checks. */
  redBefore: z.array(z.string()),
  /** Absent where the checks were not run on it. */
  redAfter: z.array(z.string()).optional(),
});
export type Correction = z.infer<typeof Correction>;
