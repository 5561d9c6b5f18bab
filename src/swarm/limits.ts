/** How much an agent may do before it is stopped. */
export interface WorkerLimits {
  readonly maxSteps: number;
  /** Replies in a row of which nothing could be understood. */
  readonly maxMalformed: number;
  /** Reminders in a row to call a tool. */
  readonly maxReminders: number;
  /** The same call with the same result this often: the worker is told, then stopped. */
  readonly tellAtRepeats: number;
  readonly stopAtRepeats: number;
  readonly maxCallsPerReply: number;
  /** Characters of tool results that one reply may bring, and one call of it. */
  readonly maxReplyOutput: number;
  readonly maxCallOutput: number;
  readonly commandTimeoutMs: number;
}

/** Limits for a worker that is doing well. */
export const DEFAULT_LIMITS: WorkerLimits = {
  maxSteps: 40,
  maxMalformed: 3,
  maxReminders: 2,
  tellAtRepeats: 4,
  stopAtRepeats: 6,
  maxCallsPerReply: 16,
  maxReplyOutput: 48_000,
  maxCallOutput: 16_000,
  commandTimeoutMs: 300_000,
};
