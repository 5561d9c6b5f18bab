/** How much an agent may do before it is stopped. */
export interface WorkerLimits {
  readonly maxSteps: number;
  /** Tokens of all its calls, in and out, what a vendor has in its cache included. */
  readonly maxTokens: number;
  /** From its first call on. Looked at between two steps: calls and commands have limits of their own. */
  readonly maxMs: number;
  /** Replies in a row of which nothing could be understood. */
  readonly maxMalformed: number;
  /** Reminders in a row to call a tool. */
  readonly maxReminders: number;
  /** The same call with the same result this often: the worker is told, then stopped. */
  readonly tellAtRepeats: number;
  readonly stopAtRepeats: number;
  /** So many steps in a row without a change and without anything new to see: it is told, then stopped. */
  readonly tellAtIdle: number;
  readonly stopAtIdle: number;
  readonly maxCallsPerReply: number;
  /** Characters of tool results that one reply may bring, and one call of it. */
  readonly maxReplyOutput: number;
  readonly maxCallOutput: number;
  readonly commandTimeoutMs: number;
}

/** Limits for a worker that is doing well. */
export const DEFAULT_LIMITS: WorkerLimits = {
  maxSteps: 40,
  maxTokens: 4_000_000,
  maxMs: 1_800_000,
  maxMalformed: 3,
  maxReminders: 2,
  tellAtRepeats: 4,
  stopAtRepeats: 6,
  tellAtIdle: 8,
  stopAtIdle: 14,
  maxCallsPerReply: 16,
  maxReplyOutput: 48_000,
  maxCallOutput: 16_000,
  commandTimeoutMs: 300_000,
};
