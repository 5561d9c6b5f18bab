import { statfs } from "node:fs/promises";
import { layerSize } from "./layer-size.ts";

/** A look at how much a folder grows, from time to time. */
export interface DiskWatch {
  full(): boolean;
  /** Counts at once, whatever the disk says, and does not call `onFull`. */
  count(): Promise<boolean>;
  stop(): void;
}

const LOOK_MS = 500;
const MB = 1024 * 1024;

/**
 * Calls `onFull` when the folder holds more than `maxMb`, again only if that failed. Files are only counted
 * when the disk has lost that much since the start, so a quiet command costs one look at the disk. A bound,
 * not a wall: what is written between two looks comes on top.
 */
export function watchDisk(folder: string, maxMb: number, onFull: () => unknown): DiskWatch {
  let full = false;
  let handled = false;
  let looking = false;
  // Without an answer nothing is known of what the disk has lost, and files are counted at each look.
  const freeAtStart = freeBytes(folder).catch(() => Number.POSITIVE_INFINITY);

  async function count(): Promise<boolean> {
    full ||= (await layerSize(folder)) > maxMb * MB;
    return full;
  }

  async function look(): Promise<void> {
    if (handled || looking) return;
    looking = true;
    try {
      const lost = (await freeAtStart) - (await freeBytes(folder));
      if (!full && (lost <= maxMb * MB || !(await count()))) return;
      await onFull();
      handled = true;
    } finally {
      looking = false;
    }
  }

  // A look that fails, as while files vanish under it, is followed by the next one.
  const timer = setInterval(() => void look().catch(() => undefined), LOOK_MS);
  timer.unref();
  return { full: () => full, count, stop: () => clearInterval(timer) };
}

async function freeBytes(folder: string): Promise<number> {
  const { bavail, bsize } = await statfs(folder);
  return bavail * bsize;
}
