import { setTimeout } from "node:timers/promises";
import type Docker from "dockerode";
import type { CommandResult } from "../../src/core/evidence.ts";
import { containerState, killed } from "./exec-calls.ts";
import type { Cut } from "./execute.ts";
import type { Inside, Trouble } from "./inside.ts";
import { signalName } from "./signal-name.ts";

/** How a command ended, and by whose word. */
export type Ending = Pick<CommandResult, "exitCode" | "signal" | "ending">;

interface Place {
  readonly container: Docker.Container;
  readonly inside: Inside;
  readonly signal: AbortSignal;
}

/** As `timeout(1)` and the shell report a command that was ended. */
const CUT_EXIT_CODES: Readonly<Record<Cut, number>> = {
  timeout: 124,
  silent: 124,
  "disk-full": 137,
};

/** The ending of a command that one of our limits cut off. */
export function endingOfCut(cut: Cut): Ending {
  return { exitCode: CUT_EXIT_CODES[cut], ending: cut };
}

/**
 * The ending of a command by its exit code. Only a failure is worth a question to the kernel.
 * Throws `sandbox.killed` when the container ended with the command.
 */
export async function endingOfExit(
  place: Place,
  exitCode: number,
  killsBefore: number,
): Promise<Ending> {
  if (exitCode === 0) return { exitCode, ending: "exited" };
  const trouble = await troubleIn(place);
  const signal = signalName(exitCode);
  return { exitCode, ...(signal && { signal }), ending: endingBy(trouble, killsBefore) };
}

function endingBy(trouble: Trouble | "out-of-memory" | undefined, killsBefore: number) {
  if (trouble === "out-of-memory") return trouble;
  if (trouble === undefined) return "exited";
  if (trouble.memoryKills > killsBefore) return "out-of-memory";
  return trouble.diskFull ? "disk-full" : "exited";
}

const PATIENCE = 10;
const PAUSE_MS = 200;

// A container that is being killed takes its commands with it a moment before the engine calls it stopped.
// That must not pass for a command that failed, so the container has to answer once more.
async function troubleIn(place: Place): Promise<Trouble | "out-of-memory" | undefined> {
  for (let tries = 0; tries < PATIENCE; tries++) {
    const trouble = await place.inside.trouble();
    if (trouble) return trouble;
    const state = await containerState(place.container);
    if (state === "out-of-memory") return state;
    if (state === "ended") throw killed();
    await setTimeout(PAUSE_MS, undefined, { signal: place.signal });
  }
  // Alive, but so full of processes that not one more can be started.
  return undefined;
}
