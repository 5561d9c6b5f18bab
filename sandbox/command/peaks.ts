import { setTimeout } from "node:timers/promises";
import type Docker from "dockerode";
import { z } from "zod";
import type { ResourcePeaks } from "../../src/core/evidence.ts";
import type { Cgroup, Usage } from "./cgroup.ts";

/** Tells the most that a container used while one command ran in it. */
export interface PeakWatch {
  /** Ends the watch. Numbers are absent when the command was over before the first look. */
  finish(): ResourcePeaks;
}

/** What a container uses now. */
export type Meter = (abortSignal: AbortSignal) => Promise<Usage>;

const SAMPLE_MS = 250;

/**
 * Looks at a container four times a second, not before the first quarter of a second, so that quick commands
 * pay nothing. CPU time is the command's own: what was used before it, or before the first look where that
 * is not known, is taken off.
 */
export function watchPeaks(meter: Meter, cpuMsBefore?: number): PeakWatch {
  const over = new AbortController();
  let most: Usage = {};
  let cpuMsAtFirst = cpuMsBefore;

  async function sample(): Promise<void> {
    for (;;) {
      await setTimeout(SAMPLE_MS, undefined, { signal: over.signal, ref: false });
      // A look that fails says nothing; the next one may.
      const usage = await meter(over.signal).catch((): Usage => ({}));
      cpuMsAtFirst ??= usage.cpuMs;
      most = larger(most, usage);
    }
  }

  sample().catch(() => undefined);
  return {
    finish() {
      over.abort();
      const { memoryBytes, cpuMs, processes } = most;
      return {
        ...(memoryBytes !== undefined && { memoryBytes }),
        ...(cpuMs !== undefined && { cpuMs: Math.max(0, cpuMs - (cpuMsAtFirst ?? 0)) }),
        ...(processes !== undefined && { processes }),
      };
    },
  };
}

function larger(one: Usage, other: Usage): Usage {
  return {
    memoryBytes: max(one.memoryBytes, other.memoryBytes),
    cpuMs: max(one.cpuMs, other.cpuMs),
    processes: max(one.processes, other.processes),
  };
}

function max(one: number | undefined, other: number | undefined): number | undefined {
  if (one === undefined || other === undefined) return one ?? other;
  return Math.max(one, other);
}

/** The kernel's own counters where they are to be seen, else the engine's. */
export function meterOf(container: Docker.Container, cgroup: Cgroup | undefined): Meter {
  return cgroup ? () => cgroup.usage() : (abortSignal) => engineUsage(container, abortSignal);
}

const Count = z.number().nonnegative();
const EngineStats = z.object({
  memory_stats: z.object({
    usage: Count.optional(),
    stats: z.object({ total_inactive_file: Count, inactive_file: Count }).partial().optional(),
  }),
  cpu_stats: z.object({ cpu_usage: z.object({ total_usage: Count }) }),
  pids_stats: z.object({ current: Count.optional() }),
});

async function engineUsage(container: Docker.Container, abortSignal: AbortSignal): Promise<Usage> {
  const options = { stream: false as const, "one-shot": true, abortSignal };
  const { memory_stats, cpu_stats, pids_stats } = EngineStats.parse(await container.stats(options));
  const { usage, stats } = memory_stats;
  const inactive = stats?.total_inactive_file ?? stats?.inactive_file ?? 0;
  return {
    memoryBytes: usage === undefined ? undefined : Math.max(0, usage - inactive),
    cpuMs: cpu_stats.cpu_usage.total_usage / 1e6,
    processes: pids_stats.current,
  };
}
