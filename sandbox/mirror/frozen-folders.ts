import { randomUUID } from "node:crypto";
import { mkdir, readdir, rename, rm, stat, utimes } from "node:fs/promises";
import { join } from "node:path";
import { isMissing } from "../changes/raw-path.ts";
import { orDiskFull } from "../engine/disk-full.ts";
import type { Pins } from "../engine/presence.ts";
import { processOf } from "../session-name.ts";

/** A frozen folder in use. It stays until it is released. */
interface Taken {
  readonly folder: string;
  release(): Promise<void>;
}

/** A folder that is there, whole. */
interface Finished {
  readonly name: string;
  readonly folder: string;
}

/** How frozen folders are kept. */
export interface FrozenKeeping {
  /** How many stay beyond those that must. */
  readonly keep: number;
  readonly pins: Pins;
  /** Name of the one that this folder cannot do without; it stays as long as the folder does. */
  readonly standsOn?: (folder: string) => Promise<string | undefined>;
  /** What fails with less than this left on the disk, has failed for want of disk. */
  readonly minFreeBytes?: number | undefined;
}

/** Folders that are made once under a name and never written again. */
export interface FrozenFolders {
  /** The folder of this name; `fill` makes its content if nobody has yet. Callers at the same time share one making. */
  take(name: string, fill: Fill): Promise<Taken>;
  /** Those that are there now, taken last first. Only what is taken is sure to stay. */
  finished(): Promise<readonly Finished[]>;
  /**
   * Removes what dead processes left half-made, and all but the most recently taken; never what is in use
   * here or in another process. Happens by itself after each release.
   */
  tidy(): Promise<void>;
}

type Fill = (folder: string) => Promise<void>;

const UNFINISHED = "unfinished-";

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
    const { minFreeBytes } = keeping;
    const made = make({ root, name, process: pins.process, fill, minFreeBytes }).finally(() =>
      making.delete(name),
    );
    making.set(name, made);
    return made;
  }

  // Others see a folder as used from before it is looked for.
  async function use(name: string, by: 1 | -1): Promise<void> {
    const count = (users.get(name) ?? 0) + by;
    if (count > 0) users.set(name, count);
    else users.delete(name);
    await inTurn(() => (users.has(name) ? pins.pin(name) : pins.unpin(name)));
  }

  async function release(name: string): Promise<void> {
    await use(name, -1);
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
        await use(name, 1);
        const folder = await makeOnce(name, fill);
        return { folder, release: () => release(name) };
      } catch (error) {
        await release(name);
        throw error;
      }
    },
  };
}

interface Making {
  readonly root: string;
  readonly name: string;
  readonly process: () => Promise<string>;
  readonly fill: Fill;
  readonly minFreeBytes?: number | undefined;
}

async function make(making: Making): Promise<string> {
  const { root, name, process, fill } = making;
  const folder = join(root, name);
  if (await exists(folder)) {
    const now = new Date();
    await utimes(folder, now, now);
    return folder;
  }
  const unfinished = join(root, unfinishedName(await process()));
  await mkdir(unfinished, { recursive: true });
  try {
    await fill(unfinished);
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

interface Setting extends FrozenKeeping {
  readonly root: string;
  readonly isUsed: (name: string) => boolean;
}

// Renamed in one step, so that nobody takes a folder that is half removed.
async function setAside(setting: Setting): Promise<string[]> {
  const { root, pins } = setting;
  const doomed = await unneeded(setting);
  const process = await pins.process();
  const aside: string[] = [];
  for (const name of doomed) {
    const folder = join(root, unfinishedName(process));
    if (!(await moved(join(root, name), folder))) continue;
    // Somebody may have pinned it in between, and goes on believing that it is there.
    const wanted = await isWanted(setting, { name, doomed });
    if (!wanted || !(await moved(folder, join(root, name)))) aside.push(folder);
  }
  return aside;
}

async function unneeded(setting: Setting): Promise<ReadonlySet<string>> {
  const finished = (await finishedIn(setting.root)).map(({ name }) => name);
  if (finished.length <= setting.keep) return new Set();
  const pinned = await setting.pins.othersPins();
  const inUse = finished.filter((name) => pinned.has(name) || setting.isUsed(name));
  const ground = await groundOf(setting, finished);
  // What is taken takes its ground too: that must not push out what stands on it.
  const onTop = finished.filter((name) => !ground.has(name));
  const recent = [...finished.slice(0, setting.keep), ...onTop.slice(0, setting.keep)];
  const needed = await withGround(setting, [...inUse, ...recent]);
  return new Set(finished.filter((name) => !needed.has(name)));
}

async function isWanted(
  setting: Setting,
  { name, doomed }: { name: string; doomed: ReadonlySet<string> },
): Promise<boolean> {
  if ((await setting.pins.othersPins()).has(name)) return true;
  if (!setting.standsOn) return false;
  const present = (await finishedIn(setting.root)).map((other) => other.name);
  const staying = present.filter((other) => !doomed.has(other));
  return (await withGround(setting, staying)).has(name);
}

async function groundOf({ root, standsOn }: Setting, names: readonly string[]) {
  const ground = new Set<string>();
  for (const name of names) {
    const under = await standsOn?.(join(root, name));
    if (under !== undefined) ground.add(under);
  }
  return ground;
}

/** The names and all that they stand on, on what these stand, and so on. */
async function withGround(
  { root, standsOn }: Setting,
  names: readonly string[],
): Promise<ReadonlySet<string>> {
  const needed = new Set(names);
  // A set that grows while it is gone through comes to what was added, too.
  for (const name of needed) {
    const ground = await standsOn?.(join(root, name));
    if (ground !== undefined) needed.add(ground);
  }
  return needed;
}

async function finishedIn(root: string): Promise<Finished[]> {
  const names = (await namesIn(root)).filter((name) => !name.startsWith(UNFINISHED));
  const aged = await Promise.all(names.map((name) => withAge(root, name)));
  return aged
    .filter((one) => one !== undefined)
    .sort((a, b) => b.taken - a.taken)
    .map(({ name, folder }) => ({ name, folder }));
}

async function withAge(root: string, name: string) {
  const folder = join(root, name);
  try {
    return { name, folder, taken: (await stat(folder)).mtimeMs };
  } catch (error) {
    // Another process may have tidied it away.
    if (isMissing(error)) return undefined;
    throw error;
  }
}

/** False where another process was quicker: it has taken the folder away, or made it anew. */
async function moved(folder: string, place: string): Promise<boolean> {
  return rename(folder, place).then(
    () => true,
    () => false,
  );
}

function unfinishedName(process: string): string {
  return `${UNFINISHED}${process}-${randomUUID()}`;
}

function createTurns() {
  let last: Promise<unknown> = Promise.resolve();
  return <T>(work: () => Promise<T>): Promise<T> => {
    const next = last.then(work);
    last = next.catch(() => undefined);
    return next;
  };
}

async function namesIn(folder: string): Promise<string[]> {
  try {
    return await readdir(folder);
  } catch (error) {
    if (isMissing(error)) return [];
    throw error;
  }
}

async function exists(folder: string): Promise<boolean> {
  return stat(folder).then(
    () => true,
    () => false,
  );
}
