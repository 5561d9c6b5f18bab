import { z } from "zod";
import { MergeStage } from "./merge.ts";

/** One file of a merge that is left to a person. Its texts are hostile. */
export const LeftConflict = z.object({
  path: z.string(),
  /** Why no stage settled it. */
  why: z.string(),
  /** The first places, each side cut to a bound: what stood there before, and what both made of it. */
  places: z
    .array(
      z.object({
        line: z.number().int().positive(),
        before: z.string(),
        ours: z.string(),
        theirs: z.string(),
      }),
    )
    .optional(),
  /** How many more places there are. */
  morePlaces: z.number().int().positive().optional(),
  /** Subjects of the newest commits that touched it on the pull request's branch, and on its base. */
  ours: z.array(z.string()),
  theirs: z.array(z.string()),
  /** Resolutions that were offered and are not proven. */
  proposals: z.array(z.object({ stage: MergeStage, why: z.string(), text: z.string().optional() })),
});
export type LeftConflict = z.infer<typeof LeftConflict>;
