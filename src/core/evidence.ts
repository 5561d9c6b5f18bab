import { z } from "zod";

/** How a command ended, as the engine reports it, never as the command's output says. */
export const CommandResult = z.object({
  exitCode: z.number().int(),
  /** Why it ended: by itself, by our limit, or by the kernel's memory limit. */
  ending: z.enum(["exited", "timeout", "out-of-memory"]),
  durationMs: z.number().nonnegative(),
  /** stdout and stderr in order of arrival, escapes removed, middle dropped beyond the bound. */
  output: z.string(),
  truncated: z.boolean(),
});
export type CommandResult = z.infer<typeof CommandResult>;

/** One check with what came of it. `passed` is exit code 0 and nothing else. */
export const CheckResult = CommandResult.extend({
  name: z.string(),
  command: z.string(),
  /** Who named it, where it was not the repository. */
  namedBy: z.literal("plan").optional(),
  passed: z.boolean(),
});
export type CheckResult = z.infer<typeof CheckResult>;

/** What ran, on which tree, with which result. The only source of verdicts. */
export const Evidence = z.object({
  base: z.string(),
  commit: z.string(),
  tree: z.string(),
  /** Digest of the sandbox image the commands ran in. */
  image: z.string(),
  checks: z.array(CheckResult),
  passed: z.boolean(),
});
export type Evidence = z.infer<typeof Evidence>;
