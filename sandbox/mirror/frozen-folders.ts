import { randomUUID } from "node:crypto";
import { mkdir, readdir, rename, rm, stat, utimes } from "node:fs/promises";
import { join } from "node:path";
import { isMissing } from "../changes/raw-path.ts";
import type { Pins } from "../engine/presence.ts";
import { processOf } from "../session-name.ts";

/** A frozen folder in use. It stays until it is released. */
export interface Taken {
  readonly folder: string;
  release(): Promise<void>;
}

/** Folders that are made once under a name and never written again. */
export interface FrozenFolders {
  /** The folder of this name; `fill` makes its content if nobody has yet. Callers at the same time share one making. */
  take(name: string, fill: Fill): Promise<Taken>;
  /**
   * Removes what dead processes left half-made, and all but the most recently taken; never what is in use
   * here or in another process. Happens by itself after each release.
   */
  tidy(): Promise<void>;
}

type Fill = (folder: string) => Promise<void>;

const UNFINISHED = "unfinished-";

/** Keeps frozen folders below one folder. A crash leaves a folder whole or not at all. */
export function keepFrozenFolders(
  root: string,
  { keep, pins }: { keep: number; pins: Pins },
): FrozenFolders {
  const making = new Map<string, Promise<string>>();
  const users = new Map<string, number>();
  const inTurn = createTurns();
  let tidying = false;

  function makeOnce(name: string, fill: Fill): Promise<string> {
    const running = making.get(name);
    if (running) return running;
    const made = make({ root, name, process: pins.process, fill }).finally(() =>
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
        ...(await setAside({ root, keep, pins, isUsed: (name) => users.has(name) })),
      ];
    });
    for (const folder of aside) await rm(folder, { recursive: true, force: true });
  }

  return {
    tidy,
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
}

async function make({ root, name, process, fill }: Making): Promise<string> {
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

interface Setting {
  readonly root: string;
  readonly keep: number;
  readonly pins: Pins;
  readonly isUsed: (name: string) => boolean;
}

// Renamed in one step, so that nobody takes a folder that is half removed.
async function setAside({ root, keep, pins, isUsed }: Setting): Promise<string[]> {
  const finished = (await namesIn(root)).filter((name) => !name.startsWith(UNFINISHED));
  if (finished.length <= keep) return [];
  const aged = await Promise.all(
    finished.map(async (name) => ({ name, taken: (await stat(join(root, name))).mtimeMs })),
  );
  const old = aged.sort((a, b) => b.taken - a.taken).slice(keep);
  const pinned = await pins.othersPins();
  const process = await pins.process();
  const aside: string[] = [];
  for (const { name } of old) {
    if (pinned.has(name) || isUsed(name)) continue;
    const folder = join(root, unfinishedName(process));
    await rename(join(root, name), folder);
    // Somebody may have pinned it in between, and goes on believing that it is there.
    const wanted = (await pins.othersPins()).has(name);
    if (!wanted || !(await putBack(folder, join(root, name)))) aside.push(folder);
  }
  return aside;
}

/** False where another has made it anew in the meantime. */
async function putBack(folder: string, place: string): Promise<boolean> {
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
