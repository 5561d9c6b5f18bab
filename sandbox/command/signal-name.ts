import { constants } from "node:os";

const FIRST = 128;

/** The signal that an exit code tells of: `SIGKILL` for 137, undefined for a code that is none. */
export function signalName(exitCode: number): string | undefined {
  const found = Object.entries(constants.signals).find(([, number]) => number === exitCode - FIRST);
  return found?.[0];
}
