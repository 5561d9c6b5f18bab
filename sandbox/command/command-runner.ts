import { setTimeout } from "node:timers/promises";
import type Docker from "dockerode";
import { NexusError } from "../../src/core/errors.ts";
import type { CommandResult } from "../../src/core/evidence.ts";
import type { RunOptions } from "../../src/core/sandbox.ts";
import type { SandboxLimits } from "../container/limits.ts";
import { ask, askToRemove } from "../engine/engine.ts";
import { captureOutput } from "./captured-output.ts";
import { watchDisk } from "./disk-watch.ts";
import { type Ended, execute } from "./execute.ts";
import type { Inside } from "./inside.ts";

/** The container in which commands run. */
export interface Workshop {
  readonly container: Docker.Container;
  readonly inside: Inside;
  /** Folder that grows with what commands write. */
  readonly layer: string;
  readonly user: string;
  readonly limits: SandboxLimits;
  readonly signal: AbortSignal;
}

/** As `timeout(1)` reports a command it had to end. */
const TIMEOUT_EXIT_CODE = 124;

/** Runs one command. Its exit code and ending are the engine's word. */
export async function runCommand(
  shop: Workshop,
  command: readonly string[],
  options: RunOptions,
): Promise<CommandResult> {
  const output = captureOutput(shop.limits.outputBytes, options.onOutput);
  const disk = watchDisk(shop.layer, shop.limits.diskMb, () => killContainer(shop.container));
  try {
    const killsBefore = await shop.inside.knownMemoryKills();
    const ended = await execute(shop.container, {
      argv: command,
      user: shop.user,
      timeoutMs: options.timeoutMs ?? shop.limits.timeoutMs,
      signal: shop.signal,
      stdin: options.stdin,
      onPayload: (chunk) => output.take(chunk),
    });
    const how = await endingOf(shop, ended, killsBefore);
    if (disk.full()) throw diskFull(shop.limits.diskMb);
    const { text, truncated } = output.finish();
    return { ...how, durationMs: ended.durationMs, output: text, truncated };
  } catch (error) {
    throw disk.full() ? diskFull(shop.limits.diskMb) : error;
  } finally {
    disk.stop();
  }
}

/** Ends everything in a container. Its streams must be gone before, or the engine may wait for them. */
export async function killContainer(container: Docker.Container): Promise<void> {
  await askToRemove("kill a container", (abortSignal) =>
    container.kill({ signal: "SIGKILL", abortSignal }),
  );
}

type Ending = Pick<CommandResult, "exitCode" | "ending">;

async function endingOf(shop: Workshop, ended: Ended, killsBefore: number): Promise<Ending> {
  const { exitCode } = ended;
  // Only a failure is worth a question right now. What happened else must not pass for the next one's kill.
  shop.inside.leaveUncounted();
  if (exitCode === undefined) {
    if (!(await shop.inside.endProcesses())) await killContainer(shop.container);
    return { exitCode: TIMEOUT_EXIT_CODE, ending: "timeout" };
  }
  if (exitCode === 0) return { exitCode, ending: "exited" };
  const outOfMemory = await diedOfMemory(shop, killsBefore);
  return { exitCode, ending: outOfMemory ? "out-of-memory" : "exited" };
}

const PATIENCE = 10;
const PAUSE_MS = 200;

// A container that is being killed takes its commands with it a moment before the engine calls it stopped.
// That must not pass for a command that failed, so the container has to answer once more.
async function diedOfMemory(shop: Workshop, killsBefore: number): Promise<boolean> {
  for (let tries = 0; tries < PATIENCE; tries++) {
    const { State } = await ask("tell the state of a container", (abortSignal) =>
      shop.container.inspect({ abortSignal }),
    );
    if (!State.Running) {
      if (State.OOMKilled) return true;
      throw stopped();
    }
    const kills = await shop.inside.memoryKills();
    if (kills !== undefined) return kills > killsBefore;
    await setTimeout(PAUSE_MS, undefined, { signal: shop.signal });
  }
  // Alive, but so full of processes that not one more can be started.
  return false;
}

function stopped(): NexusError {
  return new NexusError("sandbox.unavailable", "The container was stopped from outside.", {
    retryable: true,
  });
}

function diskFull(maxMb: number): NexusError {
  return new NexusError("sandbox.disk-full", `The command wrote more than ${maxMb} MB.`, {
    hint: "Raise the sandbox's disk limit if the repository's checks need that much.",
  });
}
