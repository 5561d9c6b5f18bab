import type Docker from "dockerode";
import type { CommandResult, ResourcePeaks } from "../../src/core/evidence.ts";
import type { RunOptions } from "../../src/core/sandbox.ts";
import type { SandboxLimits } from "../container/limits.ts";
import { askToRemove } from "../engine/engine.ts";
import { type CapturedOutput, captureOutput } from "./captured-output.ts";
import { type Ending, endingOfCut, endingOfExit } from "./ending.ts";
import { type Ended, execute } from "./execute.ts";
import { type GrowthWatch, watchGrowth } from "./growth.ts";
import type { Inside } from "./inside.ts";
import type { LogSink } from "./log-sink.ts";
import { meterOf, type PeakWatch, watchPeaks } from "./peaks.ts";
import { whyUnstartable } from "./unstartable.ts";

/** The container in which commands run: one object for all commands of a session. */
export interface Workshop {
  readonly container: Docker.Container;
  readonly inside: Inside;
  /** Folder that grows with what commands write. */
  readonly layer: string;
  readonly user: string;
  readonly limits: SandboxLimits;
  /** A command that adds to a disk with less than this left is ended. */
  readonly minFreeBytes?: number | undefined;
  readonly signal: AbortSignal;
  /** Takes the whole output of a command that writes more than is kept of it. */
  readonly openLog?: (() => LogSink) | undefined;
  /** Hears the cleaned output of all commands as it comes. */
  readonly onOutput?: ((text: string) => void) | undefined;
}

/**
 * Runs one command. Its exit code and ending are the engine's and the kernel's word. A command that one of
 * the limits cut off leaves no process behind, and the session goes on; where its processes cannot be ended
 * the container is, and whatever is asked of it next throws `sandbox.killed`.
 */
export async function runCommand(
  shop: Workshop,
  command: readonly string[],
  options: RunOptions,
): Promise<CommandResult> {
  const problem = whyUnstartable({ argv: command, env: options.env ?? {} });
  if (problem !== undefined) return notStarted(problem);

  const output = captureOutput(shop.limits.outputBytes, listenerOf(shop, options), shop.openLog);
  const cgroup = await shop.inside.cgroup();
  const cpuMsBefore = await cgroup?.cpuMs();
  const killsBefore = await shop.inside.memoryKillsBefore();
  const disk = await watchGrowth(shop);
  const peaks = watchPeaks(meterOf(shop.container, cgroup), cpuMsBefore);
  try {
    const ended = await executeIn({ shop, disk, output }, command, options);
    const used = peaksOf(peaks, disk);
    // What happened else must not pass for the next one's kill.
    shop.inside.leaveUncounted();
    const ending = await endingOf(shop, ended, killsBefore);
    const { text, truncated } = output.finish();
    const log = await output.log();
    return {
      ...ending,
      durationMs: ended.durationMs,
      output: text,
      truncated,
      ...(log && { log }),
      ...used,
    };
  } catch (error) {
    // Listeners hear what was still held back, and the log is not left open.
    output.finish();
    await output.log().catch(() => undefined);
    throw error;
  } finally {
    peaks.finish();
    disk.stop();
  }
}

/** Ends everything in a container. Its streams must be gone before, or the engine may wait for them. */
export async function killContainer(container: Docker.Container): Promise<void> {
  await askToRemove("kill a container", (abortSignal) =>
    container.kill({ signal: "SIGKILL", abortSignal }),
  );
}

function listenerOf({ onOutput }: Workshop, options: RunOptions) {
  if (!(onOutput && options.onOutput)) return onOutput ?? options.onOutput;
  const also = options.onOutput;
  return (text: string) => {
    onOutput(text);
    also(text);
  };
}

interface Watched {
  readonly shop: Workshop;
  readonly disk: GrowthWatch;
  readonly output: CapturedOutput;
}

async function executeIn(
  { shop, disk, output }: Watched,
  argv: readonly string[],
  { timeoutMs, stdin, env }: RunOptions,
): Promise<Ended> {
  return await execute(shop.container, {
    argv,
    env,
    stdin,
    user: shop.user,
    timeoutMs: timeoutMs ?? shop.limits.timeoutMs,
    silenceMs: shop.limits.silenceMs,
    signal: shop.signal,
    disk: disk.full,
    onPayload: (chunk, stderr) => output.take(chunk, stderr),
  });
}

async function endingOf(
  shop: Workshop,
  { cut, exitCode }: Ended,
  killsBefore: number,
): Promise<Ending> {
  if (cut === undefined) return await endingOfExit(shop, exitCode ?? 0, killsBefore);
  if (!(await shop.inside.endProcesses())) await killContainer(shop.container);
  return endingOfCut(cut);
}

function peaksOf(watch: PeakWatch, disk: GrowthWatch): { readonly peaks?: ResourcePeaks } {
  const peaks = watch.finish();
  const diskBytes = disk.peak();
  if (Object.keys(peaks).length === 0) return {};
  return { peaks: { ...peaks, ...(diskBytes !== undefined && { diskBytes }) } };
}

/** As a shell reports a program that it cannot start. */
const NOT_STARTED = 126;

function notStarted(problem: string): CommandResult {
  const output = `The command cannot be started: ${problem}.\n`;
  return { exitCode: NOT_STARTED, ending: "exited", durationMs: 0, output, truncated: false };
}
