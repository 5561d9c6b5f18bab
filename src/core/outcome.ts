import { z } from "zod";
import { Exhaustion } from "./budget.ts";
import { FileChange } from "./change-set.ts";
import { Correction } from "./correction.ts";
import { Evidence } from "./evidence.ts";
import { LeftConflict } from "./left-conflict.ts";
import { FileReport } from "./merge.ts";
import { Plan } from "./plan.ts";

/** A command that a dry run wrote down instead of executing it. */
export const RecordedCommand = z.object({ purpose: z.string(), command: z.string() });
export type RecordedCommand = z.infer<typeof RecordedCommand>;

/** A work item that came to nothing while others were finished. */
export const Unfinished = z.object({
  item: z.string(),
  title: z.string(),
  code: z.string(),
  reason: z.string(),
});
export type Unfinished = z.infer<typeof Unfinished>;

/** Work items that are not in what was done; absent where all are. */
const unfinished = z.array(Unfinished).min(1).optional();

/** What was tried to make red checks pass, oldest first; absent where nothing was. */
const tried = z.array(Correction).optional();

const PullRequest = z.object({
  number: z.number().int(),
  url: z.string(),
  head: z.string(),
  branch: z.string(),
});

/** A pull request that could not be merged with its base. */
const Unmerged = z.object({
  base: z.object({ branch: z.string(), commit: z.string() }),
  head: z.string(),
  /** How each file was merged on which git alone stopped. */
  report: z.array(FileReport),
  /** What is left to a person. */
  left: z.array(LeftConflict),
});

/** How a task ended. Each kind is an answer to a person, none is an exception. */
export const Outcome = z.discriminatedUnion("kind", [
  /** A pull request is open; number, url and head were read back from the platform. */
  z.object({
    kind: z.literal("proposed"),
    pullRequest: PullRequest,
    evidence: Evidence,
    /** Why there is no check run on the head; absent where there is one. */
    checkRunProblem: z.string().optional(),
    /** The pull request is a draft then. */
    unfinished,
  }),
  /** The checks are green on the base already, or the work changed nothing. */
  z.object({ kind: z.literal("nothing-to-do"), reason: z.string(), evidence: Evidence.optional() }),
  /** The requester may not ask for this. */
  z.object({ kind: z.literal("refused"), reason: z.string() }),
  /** No model is configured and the rules alone were not enough. */
  z.object({
    kind: z.literal("model-required"),
    reason: z.string(),
    evidence: Evidence.optional(),
  }),
  /** The model did not answer usefully within the bounds. */
  z.object({
    kind: z.literal("model-failed"),
    code: z.string(),
    reason: z.string(),
    hint: z.string().optional(),
    unfinished,
  }),
  /** A cap of what models may cost has no room for another call, and what was done until then is not proposed. */
  z.object({
    kind: z.literal("budget-exhausted"),
    ...Exhaustion.shape,
    reason: z.string(),
    hint: z.string().optional(),
    /** The branch so far, where anything is on it: kept in the record. */
    patch: z.object({ base: z.string(), head: z.string(), files: z.array(FileChange) }).optional(),
    /** The shadow run of it, where it was run. */
    evidence: Evidence.optional(),
    tried,
    unfinished,
  }),
  /** A pull request's branch was merged with its base, verified, and moved forward; the head was read back. */
  z.object({
    kind: z.literal("resolved"),
    pullRequest: PullRequest,
    /** What was merged in. */
    base: z.object({ branch: z.string(), commit: z.string() }),
    evidence: Evidence,
    /** Checks that are red, and were red in the same way on the head before; absent where all are green. */
    before: Evidence.optional(),
    /** Why there is no check run on the head; absent where there is one. */
    checkRunProblem: z.string().optional(),
  }),
  /** The work items, or a pull request and its base, change the same places. */
  z.object({
    kind: z.literal("conflicted"),
    /** The work item that could not be joined; absent where a pull request was to be merged with its base. */
    item: z.string().optional(),
    files: z.array(z.string()),
    /** How each file was joined on which git alone stopped, those that are left among them. */
    report: z.array(FileReport).optional(),
    merge: Unmerged.optional(),
    unfinished,
  }),
  /** Still red after the bounded corrections, or when correcting stopped before. This run pushed nothing. */
  z.object({
    kind: z.literal("checks-failed"),
    evidence: Evidence,
    /** The red ones on the head of a pull request before it was merged with its base. */
    before: Evidence.optional(),
    corrections: z.number().int(),
    tried,
    /** Why the last correction came to nothing. */
    stopped: z.object({ code: z.string(), reason: z.string() }).optional(),
    /** Until when the first failing check's workspace is kept for people to look into. ISO 8601. */
    heldUntil: z.string().optional(),
    unfinished,
  }),
  /** The work wrote paths that git must never carry; nothing of it was carried out of the sandbox. */
  z.object({
    kind: z.literal("paths-refused"),
    paths: z.array(z.object({ path: z.string(), why: z.string() })).min(1),
  }),
  /** Asked for with `--dry-run`: these commands were written down in this order, and not executed. */
  z.object({
    kind: z.literal("dry-run"),
    commands: z.array(RecordedCommand),
    plan: Plan.optional(),
    /** What the workers would have proposed, unverified. */
    files: z.array(FileChange).optional(),
    unfinished,
  }),
  /** Asked for with `--hold`: verified, not pushed, kept for people to look into until a time. */
  z.object({
    kind: z.literal("held"),
    evidence: Evidence,
    /** ISO 8601. */
    until: z.string(),
    tried,
    unfinished,
  }),
  /** A plan waited for a person's word: nobody gave it in time, something newer was asked for, or it left too much open. */
  z.object({
    kind: z.literal("not-approved"),
    because: z.enum(["expired", "replaced", "unsettled"]),
    reason: z.string(),
  }),
  /** The repository offers nothing that could be run to prove a change. */
  z.object({ kind: z.literal("no-checks"), reason: z.string() }),
  /** The environment could not be made. */
  z.object({ kind: z.literal("setup-failed"), reason: z.string(), output: z.string() }),
  /** Our own trouble: a part Nexus depends on failed for good. */
  z.object({
    kind: z.literal("failed"),
    code: z.string(),
    reason: z.string(),
    hint: z.string().optional(),
  }),
]);
export type Outcome = z.infer<typeof Outcome>;
