import { z } from "zod";
import { FileReport } from "./merge.ts";
import { AskedBy, Weakening } from "./weakening.ts";

/** Where the whole output of a command is kept: the SHA-256 of its cleaned, redacted text, and its length. */
export const LogReference = z.object({
  digest: z.string().regex(/^[0-9a-f]{64}$/),
  bytes: z.number().int().nonnegative(),
  /** True where even the kept log ends before the output did. */
  truncated: z.boolean(),
});
export type LogReference = z.infer<typeof LogReference>;

/** The most a command used at any time while it was watched. Absent numbers could not be read. */
export const ResourcePeaks = z.object({
  memoryBytes: z.number().int().nonnegative().optional(),
  cpuMs: z.number().nonnegative().optional(),
  processes: z.number().int().nonnegative().optional(),
  /** Written to the workspace. */
  diskBytes: z.number().int().nonnegative().optional(),
});
export type ResourcePeaks = z.infer<typeof ResourcePeaks>;

/** How a command ended, as the engine reports it, never as the command's output says. */
export const CommandResult = z.object({
  exitCode: z.number().int(),
  /** The signal that ended it, such as `SIGKILL`, where one did. */
  signal: z.string().optional(),
  /** Why it ended: by itself, or by our limit of time, silence, memory or disk. */
  ending: z.enum(["exited", "timeout", "silent", "out-of-memory", "disk-full"]),
  durationMs: z.number().nonnegative(),
  /** stdout and stderr in order of arrival, escapes removed, middle dropped beyond the bound. */
  output: z.string(),
  truncated: z.boolean(),
  /** Absent where `output` is all of it, or where it could not be kept. */
  log: LogReference.optional(),
  peaks: ResourcePeaks.optional(),
});
export type CommandResult = z.infer<typeof CommandResult>;

/** What a runner's own machine report says. Counts, never a verdict. */
export const TestTotals = z.object({
  format: z.enum(["junit", "tap", "jest-json", "go-test-json", "pytest-junit"]),
  passed: z.number().int().nonnegative(),
  failed: z.number().int().nonnegative(),
  skipped: z.number().int().nonnegative(),
});
export type TestTotals = z.infer<typeof TestTotals>;

/** One check with what came of it. `passed` is exit code 0 and nothing else. */
export const CheckResult = CommandResult.extend({
  name: z.string(),
  command: z.string(),
  /** Who named it, where it was not the repository. */
  namedBy: z.literal("plan").optional(),
  /** The id of the work item that it is to prove; absent where it is of none. */
  item: z.string().optional(),
  passed: z.boolean(),
  tests: TestTotals.optional(),
});
export type CheckResult = z.infer<typeof CheckResult>;

const Proven = CommandResult.pick({ exitCode: true, ending: true }).extend({
  tests: TestTotals.optional(),
});

/** One command on the base with the tests of the head put on it, and on the head. Only what was run is compared. */
export const Proof = z.object({
  /** The id of the work item that it is to prove; absent where it is of none. */
  item: z.string().optional(),
  name: z.string(),
  command: z.string(),
  /** `red-green`: fails without the change and passes with it. `green-green`: passes without it, too. */
  kind: z.enum(["red-green", "green-green", "not-run"]),
  base: Proven.optional(),
  head: Proven.optional(),
  /** Why it was not run to an end on the base. */
  why: z.string().optional(),
});
export type Proof = z.infer<typeof Proof>;

/** What ran, on which tree, with which result. The only source of verdicts. */
export const Evidence = z.object({
  base: z.string(),
  commit: z.string(),
  tree: z.string(),
  /** Digest of the sandbox image the commands ran in. */
  image: z.string(),
  /** Hosts that the commands could reach through the proxy; absent where there was no network. */
  network: z.array(z.string()).optional(),
  checks: z.array(CheckResult),
  passed: z.boolean(),
  /** How each file was merged on which git alone stopped; absent where there was none. */
  merge: z.array(FileReport).optional(),
  /** What fails without the change; absent where there was nothing to try. */
  proofs: z.array(Proof).optional(),
  /** Where base and head differ so that tests prove less; absent where there is no such place. */
  weakened: z.array(Weakening).min(1).optional(),
  /** Who had asked for that. */
  weakenedAskedBy: AskedBy.optional(),
  /** Where tests of the base demand something else in the head; absent where there is no such place. */
  expectations: z.array(Weakening).min(1).optional(),
});
export type Evidence = z.infer<typeof Evidence>;
