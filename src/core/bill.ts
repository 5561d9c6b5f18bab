import { z } from "zod";

/** What was billed for a call, or the most it can have been. */
export const Bill = z.object({
  /** Millionths of a dollar, rounded up. */
  amount: z.number().int().nonnegative(),
  isAtMost: z.boolean(),
});
export type Bill = z.infer<typeof Bill>;
