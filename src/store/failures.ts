import { NexusError } from "../core/errors.ts";

/** SQLSTATE classes and codes that speak of the server's condition, not of our statement. */
const TRANSIENT =
  /^(08|53|57P|58)|^(57014|40001|40P01|55P03|25006|25P02|25P03|25P04|ECONN\w+|EPIPE|ETIMEDOUT|ENOENT|EAI_AGAIN|EHOSTUNREACH|ENETUNREACH|EACCES)$/;
/** The server is there and says no: waiting does not help. */
const REFUSED = /^(28|3D|42501|ENOTFOUND|SELF_SIGNED\w*|DEPTH_ZERO\w*|CERT_\w+|UNABLE_TO_\w+)/;
/** What `pg` says without any code. */
const BROKEN =
  /time-?out|connection terminated|not queryable|connection error|ended by the other party|pool after calling end|does not support SSL|SASL|password must be a string/i;

/** Failures of the database as `store.unavailable`; everything else is a bug and stays what it is. */
export function storeFailure(error: unknown): unknown {
  if (error instanceof NexusError || !(error instanceof Error)) return error;
  const code = codeOf(error);
  if (REFUSED.test(code) || (code === "" && /SASL|SSL|password/.test(error.message))) {
    return unavailable(error, false);
  }
  const transient = code === "" ? BROKEN.test(error.message) : TRANSIENT.test(code);
  return transient ? unavailable(error, true) : error;
}

/** True when the connection may still be busy with what we gave up on. */
export function leavesConnectionBusy(error: unknown): boolean {
  return error instanceof Error && error.message === "Query read timeout";
}

function codeOf(error: Error): string {
  return "code" in error && typeof error.code === "string" ? error.code : "";
}

function unavailable(cause: Error, retryable: boolean): NexusError {
  // Several addresses of one host fail together with an empty message of their own.
  const told = cause.message || codeOf(cause);
  return new NexusError("store.unavailable", `The database did not answer: ${told}`, {
    hint: retryable
      ? "Is PostgreSQL running, and can it be reached under DATABASE_URL?"
      : "PostgreSQL refused us: compare user, password, database and TLS with DATABASE_URL.",
    retryable,
    cause,
  });
}
