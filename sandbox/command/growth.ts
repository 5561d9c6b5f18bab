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
  /** Below this nothing may go on writing; 0 where it is left out. */
  readonly minFreeBytes?: number | undefined;
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
const LONGEST_REST_MS = 10_000;
const SLACK = MB;

const sessions = new WeakMap<WatchedLayer, Known>();

/**
 * Watches how much a folder has grown since the first command of its session. Files are counted when that is
 * cheap, and whenever the disk has lost so much that it could be too much. A bound, not a wall: what is
 * written between two looks comes on top. A command that finds too much already may take some of it away,
 * and is ended when it adds to it. What nobody can count, such as deleted files that are still open, is met by
 * a floor: when the disk itself runs short, whoever adds to it is ended. A folder that is not on this machine
 * is not watched.
 */
export async function watchGrowth(session: WatchedLayer): Promise<GrowthWatch> {
  const full = new AbortController();
  const max = await allowed(session).catch(() => limitOf(session));
  let peak: number | undefined;

  async function look(): Promise<void> {
    if ((await freeBytes(session.layer)) < (session.minFreeBytes ?? 0)) full.abort();
    const before = sessions.get(session);
    if (before && !(await isDue(session, before))) return;
    const { grown } = await count(session);
    if (!before) return;
    peak = Math.max(peak ?? 0, grown);
    if (grown > max) full.abort();
  }

  let looking = false;
  async function lookAlone(): Promise<void> {
    if (looking || full.signal.aborted) return;
    looking = true;
    // A look that fails, as when the folder is being taken away, is followed by the next one.
    await look().catch(() => undefined);
    looking = false;
  }

  if (!sessions.has(session)) void lookAlone();
  const timer = setInterval(lookAlone, LOOK_MS);
  timer.unref();
  return { full: full.signal, peak: () => peak, stop: () => clearInterval(timer) };
}

/** How far a command may let the folder grow, by what it finds there. */
async function allowed(session: WatchedLayer): Promise<number> {
  const max = limitOf(session);
  const before = sessions.get(session);
  if (!before) return max;
  const { grown } = (await couldBeTooMuch(session, before)) ? await count(session) : before;
  return grown > max ? grown + SLACK : max;
}

async function isDue(session: WatchedLayer, known: Known): Promise<boolean> {
  return performance.now() >= known.countAgainAt || (await couldBeTooMuch(session, known));
}

async function couldBeTooMuch(session: WatchedLayer, known: Known): Promise<boolean> {
  const lost = known.free - (await freeBytes(session.layer));
  return known.grown + Math.max(0, lost) > limitOf(session);
}

async function count(session: WatchedLayer): Promise<Known> {
  const began = performance.now();
  const free = await freeBytes(session.layer);
  const size = await layerSize(session.layer);
  const ended = performance.now();
  const atStart = sessions.get(session)?.atStart ?? size;
  const grown = Math.max(0, size - atStart);
  const rest = Math.min(LONGEST_REST_MS, REST * (ended - began));
  const known = { atStart, grown, free, countAgainAt: ended + rest };
  sessions.set(session, known);
  return known;
}

function limitOf(session: WatchedLayer): number {
  return session.limits.diskMb * MB;
}

async function freeBytes(folder: string): Promise<number> {
  const { bavail, bsize } = await statfs(folder);
  return bavail * bsize;
}
