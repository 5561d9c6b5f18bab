import { NexusError } from "../core/errors.ts";

/** A failure for a person at a terminal: what went wrong, and below it what can be done. Nothing in it acts. */
export function told(error: unknown): string {
  const message = error instanceof Error ? error.message : String(error);
  const hint = error instanceof NexusError ? error.hint : undefined;
  const text = hint === undefined ? message : `${message}\n  ${hint}`;
  return `nexus: ${text.replace(/[^\P{Cc}\n]|\p{Cf}/gu, "?")}\n`;
}
