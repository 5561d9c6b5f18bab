import type { CommandResult } from "../core/evidence.ts";
import { code } from "./escape.ts";

/** The most a command used and where its whole log is kept, in one line; undefined where neither is known. */
export function costText({ peaks, log }: CommandResult): string | undefined {
  const used = [
    peaks?.memoryBytes !== undefined && `${size(peaks.memoryBytes)} of memory`,
    peaks?.cpuMs !== undefined && `${(peaks.cpuMs / 1_000).toFixed(1)} s of processor time`,
    peaks?.processes !== undefined && counted(peaks.processes, "process", "processes"),
    peaks?.diskBytes !== undefined && `${size(peaks.diskBytes)} written`,
  ].filter((part) => part !== false);
  const kept =
    log &&
    `${log.truncated ? "Log, cut off at" : "Whole log,"} ${size(log.bytes)}: ${code(log.digest)}.`;
  const parts = [used.length > 0 && `At most ${used.join(", ")}.`, kept].filter(Boolean);
  return parts.length > 0 ? parts.join(" ") : undefined;
}

function size(bytes: number): string {
  const units = ["bytes", "KB", "MB", "GB"];
  let [value, unit] = [bytes, 0];
  while (value >= 999.5 && unit < units.length - 1) {
    value /= 1_000;
    unit++;
  }
  return `${unit === 0 || value >= 9.95 ? Math.round(value) : value.toFixed(1)} ${units[unit]}`;
}

function counted(count: number, one: string, many: string): string {
  return `${count} ${count === 1 ? one : many}`;
}
