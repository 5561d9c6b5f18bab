import type { Exhaustion } from "./budget.ts";

/** Every way Nexus itself can fail. `area.reason`; people decide by the code, never by the text. */
export type ErrorCode =
  | "config.invalid"
  | "task.malformed"
  | "task.lease-lost"
  | "task.unknown"
  | "store.unavailable"
  | "store.corrupt"
  | "queue.unavailable"
  | "queue.unsafe-eviction"
  | "server.unavailable"
  | "sandbox.unavailable"
  | "sandbox.image-missing"
  | "sandbox.refused-path"
  | "sandbox.setup-failed"
  | "sandbox.disk-full"
  /** The container was ended by somebody else while it was in use. */
  | "sandbox.killed"
  /** The default branch asks for an image or a host that the operator does not allow. */
  | "sandbox.not-allowed"
  | "git.failed"
  | "git.unreachable"
  | "git.rejected"
  | "github.unreachable"
  | "github.refused"
  | "github.rate-limited"
  | "model.missing"
  | "model.auth"
  | "model.rate-limited"
  | "model.overloaded"
  | "model.unreachable"
  | "model.timeout"
  | "model.context-too-long"
  | "model.refused"
  | "model.malformed"
  | "model.spend-limit"
  | "model.bad-request"
  /** A cap of what may be spent leaves no room for the call. */
  | "model.budget-exhausted"
  /** Nobody has said what the model costs, and the operator wants to know before it is called. */
  | "model.price-unknown"
  | "aborted";

interface Details {
  /** What a person can do about it. Shown in the check run and in the log. */
  hint?: string;
  /** True when the same call may succeed later: the caller may try again. */
  retryable?: boolean;
  /** How long the other side asked us to wait, in milliseconds. */
  retryAfterMs?: number;
  /** Paths that the error is about, each with the reason. Hostile text. */
  paths?: readonly RefusedPath[];
  /** The cap that a call came up against. */
  exhaustion?: Exhaustion;
  /** True when it is certain that no byte of the request reached the other side. */
  unsent?: boolean;
  /** What a vendor billed although it gave no answer, in millionths of a dollar; `unknown`: something. */
  charged?: number | "unknown";
  cause?: unknown;
}

/** One path that git must never carry, and why. */
export interface RefusedPath {
  readonly path: string;
  readonly why: string;
}

/** A failure we understand. Anything else that is thrown is a bug. */
export class NexusError extends Error {
  override readonly name = "NexusError";
  readonly code: ErrorCode;
  readonly hint: string | undefined;
  readonly retryable: boolean;
  readonly retryAfterMs: number | undefined;
  readonly paths: readonly RefusedPath[];
  readonly exhaustion: Exhaustion | undefined;
  readonly unsent: boolean;
  readonly charged: number | "unknown" | undefined;

  constructor(code: ErrorCode, message: string, details: Details = {}) {
    super(message, { cause: details.cause });
    this.code = code;
    this.hint = details.hint;
    this.retryable = details.retryable ?? false;
    this.retryAfterMs = details.retryAfterMs;
    this.paths = details.paths ?? [];
    this.exhaustion = details.exhaustion;
    this.unsent = details.unsent ?? false;
    this.charged = details.charged;
  }
}
