import { mkdir, rename, rm, stat, utimes } from "node:fs/promises";
import { join } from "node:path";
import { isMissing } from "../changes/raw-path.ts";
import { orDiskFull } from "../engine/disk-full.ts";
import type { Pins } from "../engine/presence.ts";
import { processOf } from "../session-name.ts";
import {
  type Finished,
  finishedIn,
  namesIn,
  UNFINISHED,
  unfinishedName,
} from "./finished-folders.ts";
import { setAside, staysOrIsGone } from "./set-aside.ts";

/** A frozen folder in use. It stays until it is released. */
interface Taken {
  readonly folder: string;
  release(): Promise<void>;
}

/** How frozen folders are kept. */
export interface FrozenKeeping {
  /** How many stay beyond those that must. */
  readonly keep: number;
  readonly pins: Pins;
  /** Name of the one that this folder cannot do without; it stays as long as the folder does. */
  readonly standsOn?: (folder: string) => Promise<string | undefined>;
  /** False for one that a power failure has spoilt: it is made anew. All are whole unless this is given. */
  readonly isWhole?: (folder: string) => Promise<boolean>;
  /** What fails with less than this left on the disk, has failed for want of disk. */
  readonly minFreeBytes?: number | undefined;
}

/** Folders that are made once under a name and never written again. */
export interface FrozenFolders {
  /** The folder of this name; `fill` makes its content if nobody has yet. Callers at the same time share one making. */
  take(name: string, fill: Fill): Promise<Taken>;
  /** The folder of this name if it is there; never waits for one that is being made. */
  takeFinished(name: string): Promise<Taken | undefined>;
  /** Those that are there now, taken last first. Only what is taken is sure to stay. */
  finished(): Promise<readonly Finished[]>;
  /**
   * Removes what dead processes left half-made, and all but the most recently taken; never what is in use
   * here or in another process. Happens by itself after each release.
   */
  tidy(): Promise<void>;
}

type Fill = (folder: string) => Promise<void>;

/** Keeps frozen folders below one folder. A crash leaves a folder whole or not at all. */
export function keepFrozenFolders(root: string, keeping: FrozenKeeping): FrozenFolders {
  const { pins } = keeping;
  const making = new Map<string, Promise<string>>();
  const users = new Map<string, number>();
  const inTurn = createTurns();
  let tidying = false;

  function makeOnce(name: string, fill: Fill): Promise<string> {
    const running = making.get(name);
    if (running) return running;
    const made = make({ ...keeping, root, name, fill }).finally(() => making.delete(name));
    making.set(name, made);
    return made;
  }

  // Others see a folder as used from before it is looked for, and it is looked for when no one moves it.
  async function use(name: string): Promise<void> {
    await count(name, 1);
    await staysOrIsGone(root, name, pins);
  }

  async function count(name: string, by: 1 | -1): Promise<void> {
    const now = (users.get(name) ?? 0) + by;
    if (now > 0) users.set(name, now);
    else users.delete(name);
    await inTurn(() => (users.has(name) ? pins.pin(name) : pins.unpin(name)));
  }

  async function release(name: string): Promise<void> {
    await count(name, -1);
    if (tidying) return;
    tidying = true;
    // In nobody's way. What fails is tried again after the next release.
    void tidy().catch(() => undefined);
  }

  async function tidy(): Promise<void> {
    const aside = await inTurn(async () => {
      tidying = false;
      return [
        ...(await abandoned(root, pins)),
        ...(await setAside({ ...keeping, root, isUsed: (name) => users.has(name) })),
      ];
    });
    // What a process that was killed had begun may still be written by git for a moment.
    for (const folder of aside)
      await rm(folder, { recursive: true, force: true, maxRetries: 10, retryDelay: 100 });
  }

  return {
    tidy,
    finished: () => finishedIn(root),
    async take(name, fill) {
      try {
        await use(name);
        const folder = await makeOnce(name, fill);
        return { folder, release: () => release(name) };
      } catch (error) {
        await release(name);
        throw error;
      }
    },
    async takeFinished(name) {
      let folder: string | undefined;
      try {
        await use(name);
        folder = await usable({ ...keeping, root, name });
        return folder === undefined ? undefined : { folder, release: () => release(name) };
      } finally {
        if (folder === undefined) await release(name);
      }
    },
  };
}

interface Place extends FrozenKeeping {
  readonly root: string;
  readonly name: string;
}

interface Making extends Place {
  readonly fill: Fill;
}

async function make(making: Making): Promise<string> {
  const before = await usable(making);
  if (before !== undefined) return before;
  const { root, name, fill } = making;
  const folder = join(root, name);
  const unfinished = join(root, unfinishedName(await making.pins.process()));
  await mkdir(unfinished, { recursive: true });
  try {
    await fill(unfinished);
    await clearSpoilt(making);
    // Another process may have been quicker; its folder has the same content.
    await rename(unfinished, folder).catch(async (error: unknown) => {
      if (!(await exists(folder))) throw error;
    });
  } catch (error) {
    // Asked before what fills the disk is taken away.
    throw await orDiskFull({ folder: root, minFreeBytes: making.minFreeBytes ?? 0 }, error);
  } finally {
    await rm(unfinished, { recursive: true, force: true });
  }
  return folder;
}

/** The folder, if it is there and whole, taken just now. */
async function usable({ root, name, isWhole }: Place): Promise<string | undefined> {
  const folder = join(root, name);
  try {
    const now = new Date();
    await utimes(folder, now, now);
  } catch (error) {
    if (isMissing(error)) return undefined;
    throw error;
  }
  return isWhole === undefined || (await isWhole(folder)) ? folder : undefined;
}

// It is moved only: whoever may have it mounted still needs its files. It goes when this process has ended.
async function clearSpoilt({ root, name, pins, isWhole }: Place): Promise<void> {
  const folder = join(root, name);
  if (isWhole === undefined || !(await exists(folder)) || (await isWhole(folder))) return;
  await rename(folder, join(root, unfinishedName(await pins.process())));
}

/** What processes that no longer live have not finished. */
async function abandoned(root: string, pins: Pins): Promise<string[]> {
  const found: string[] = [];
  for (const name of await namesIn(root)) {
    if (!name.startsWith(UNFINISHED)) continue;
    const process = processOf(name.slice(UNFINISHED.length));
    if (process !== undefined && (await pins.lifeOf(process)) === "living") continue;
    found.push(join(root, name));
  }
  return found;
}

function createTurns() {
  let last: Promise<unknown> = Promise.resolve();
  return <T>(work: () => Promise<T>): Promise<T> => {
    const next = last.then(work);
    last = next.catch(() => undefined);
    return next;
  };
}

async function exists(folder: string): Promise<boolean> {
  return stat(folder).then(
    () => true,
    () => false,
  );
}
