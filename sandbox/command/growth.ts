import { statfs } from "node:fs/promises";
import { layerSize } from "./layer-size.ts";

/** A look at how much a session has written, from time to time. */
export interface GrowthWatch {
  /** Fires when it is too much. */
  readonly full: AbortSignal;
  /** The most that was seen; undefined where nothing was. */
  peak(): number | undefined;
  stop(): void;
}

/** Where a session writes, and how much it may. One object for all of a session's commands. */
export interface WatchedLayer {
  readonly layer: string;
  readonly limits: { readonly diskMb: number };
}

/** What is known of a layer from one command to the next. */
interface Known {
  readonly atStart: number;
  readonly grown: number;
  readonly free: number;
  readonly countAgainAt: number;
}

const LOOK_MS = 500;
const MB = 1024 * 1024;
/** Counting may take a twentieth of the time. */
const REST = 20;
const SLACK = MB;

const sessions = new WeakMap<WatchedLayer, Known>();

/**
 * Watches how much a folder has grown since the first command of its session. Files are counted when that is
 * cheap, and whenever the disk has lost so much that it could be too much. A bound, not a wall: what is
 * written between two looks comes on top. A folder that is not on this machine is not watched.
 */
export function watchGrowth(session: WatchedLayer): GrowthWatch {
  const full = new AbortController();
  const max = session.limits.diskMb * MB;
  let peak: number | undefined;
  // A command that finds too much already may still take some of it away.
  let grownBefore: number | undefined;
  let looking = false;

  async function look(): Promise<void> {
    const free = await freeBytes(session.layer);
    const before = sessions.get(session);
    if (before && !isDue(before, free, max)) return;
    const known = await count(session, before?.atStart);
    sessions.set(session, known);
    if (!before) return;
    peak = Math.max(peak ?? 0, known.grown);
    grownBefore ??= before.grown;
    if (known.grown > Math.max(max, grownBefore + SLACK)) full.abort();
  }

  async function lookAlone(): Promise<void> {
    if (looking || full.signal.aborted) return;
    looking = true;
    // A look that fails, as when the folder is being taken away, is followed by the next one.
    await look().catch(() => undefined);
    looking = false;
  }

  void lookAlone();
  const timer = setInterval(lookAlone, LOOK_MS);
  timer.unref();
  return { full: full.signal, peak: () => peak, stop: () => clearInterval(timer) };
}

function isDue(known: Known, free: number, max: number): boolean {
  const couldBeTooMuch = known.grown + (known.free - free) > max;
  return couldBeTooMuch || performance.now() >= known.countAgainAt;
}

async function count(session: WatchedLayer, atStart: number | undefined): Promise<Known> {
  const began = performance.now();
  const free = await freeBytes(session.layer);
  const size = await layerSize(session.layer);
  const ended = performance.now();
  const grown = atStart === undefined ? 0 : Math.max(0, size - atStart);
  const countAgainAt = ended + REST * (ended - began);
  return { atStart: atStart ?? size, grown, free, countAgainAt };
}

async function freeBytes(folder: string): Promise<number> {
  const { bavail, bsize } = await statfs(folder);
  return bavail * bsize;
}
