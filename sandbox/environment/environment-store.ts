import { randomUUID } from "node:crypto";
import { mkdir, readdir, readFile, rename, rm, stat, utimes, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { z } from "zod";
import { NexusError } from "../../src/core/errors.ts";
import { isMissing } from "../changes/raw-path.ts";
import type { Pins } from "../engine/presence.ts";
import { processOf } from "../session-name.ts";
import { claim } from "./claim.ts";
import { createShared } from "./shared.ts";

/** What is written down of something that was made. */
export const Made = z.object({
  /** Digest of the image that goes with it; undefined where none was made. */
  image: z.string().optional(),
  /** What it takes of the disk. */
  bytes: z.number().nonnegative(),
  /** Paths of the workspace that were kept. */
  layers: z.array(z.string()),
  /** Programs that the image did not have, so that what they install is missing. */
  lacking: z.array(z.string()).optional(),
});
export type Made = z.infer<typeof Made>;

/** Something that was made, in use until it is released. */
export interface Kept {
  readonly folder: string;
  readonly record: Made;
  release(): Promise<void>;
}

/** Fills an empty folder and says what else was made. */
type Make = (folder: string, signal: AbortSignal) => Promise<Made>;

/** Images and folders that are made once under a name, whoever wants them, within a budget of disk. */
export interface EnvironmentStore {
  /** Callers at the same time share one making, those of other processes too. */
  take(name: string, make: Make, signal: AbortSignal): Promise<Kept>;
  has(name: string): Promise<boolean>;
  /** The images that belong to something kept. */
  images(): Promise<ReadonlySet<string>>;
  /** Removes what dead processes left half-made, and beyond the budget what was not used for longest. */
  tidy(): Promise<void>;
}

/** How a store is kept. */
export interface StoreKeeping {
  readonly root: string;
  readonly pins: Pins;
  readonly budgetBytes: number;
  readonly hasImage: (id: string) => Promise<boolean>;
  /** False where something still stands on the image. */
  readonly removeImage: (id: string) => Promise<boolean>;
}

const RECORD = "made.json";
const UNFINISHED = "unfinished-";

/** Keeps what was made below one folder. A crash leaves it whole or not at all. */
export function keepEnvironments(keeping: StoreKeeping): EnvironmentStore {
  const { root, pins } = keeping;
  const users = new Map<string, number>();
  const shared = createShared<Made>();
  let turns: Promise<unknown> = Promise.resolve();

  function inTurn<T>(work: () => Promise<T>): Promise<T> {
    const next = turns.then(work);
    turns = next.catch(() => undefined);
    return next;
  }

  // Others see it as used from before it is looked for.
  async function use(name: string, by: 1 | -1): Promise<void> {
    const count = (users.get(name) ?? 0) + by;
    if (count > 0) users.set(name, count);
    else users.delete(name);
    await inTurn(() => (users.has(name) ? pins.pin(name) : pins.unpin(name)));
  }

  const tidy = () => inTurn(() => tidyUp(keeping, (name) => users.has(name)));

  return {
    tidy,
    has: (name) => exists(join(root, name)),
    async images() {
      const records = (await finishedIn(root)).map(({ record }) => record.image);
      return new Set(records.filter((image) => image !== undefined));
    },
    async take(name, make, signal) {
      await use(name, 1);
      try {
        const record = await shared(name, signal, (going) =>
          getOrMake(keeping, { name, make }, going),
        );
        return { folder: join(root, name), record, release: () => use(name, -1) };
      } catch (error) {
        await use(name, -1);
        throw error;
      }
    },
  };
}

interface Making {
  readonly name: string;
  readonly make: Make;
}

async function getOrMake(
  keeping: StoreKeeping,
  { name, make }: Making,
  signal: AbortSignal,
): Promise<Made> {
  const before = await usable(keeping, name);
  if (before) return before;
  await mkdir(keeping.root, { recursive: true });
  await using _ = await claim({ ...keeping, name, signal });
  // Somebody may have been quicker.
  const meanwhile = await usable(keeping, name);
  if (meanwhile) return meanwhile;
  const folder = join(keeping.root, name);
  await rm(folder, { recursive: true, force: true });
  const unfinished = join(keeping.root, unfinishedName(await keeping.pins.process()));
  await mkdir(unfinished);
  let made: Made | undefined;
  try {
    made = await make(unfinished, signal);
    if (signal.aborted) throw new NexusError("aborted", "The set-up was cancelled.");
    await writeFile(join(unfinished, RECORD), JSON.stringify(made));
    return await putInPlace(keeping, { made, unfinished, folder });
  } catch (error) {
    if (made?.image !== undefined) await keeping.removeImage(made.image);
    throw error;
  } finally {
    await rm(unfinished, { recursive: true, force: true });
  }
}

interface Placing {
  readonly made: Made;
  readonly unfinished: string;
  readonly folder: string;
}

// Where another has made it in the meantime, its is as good.
async function putInPlace(
  { hasImage, removeImage }: StoreKeeping,
  { made, unfinished, folder }: Placing,
): Promise<Made> {
  try {
    await rename(unfinished, folder);
    return made;
  } catch (error) {
    const theirs = isTaken(error) ? await recordIn(folder) : undefined;
    if (!theirs || (theirs.image !== undefined && !(await hasImage(theirs.image)))) throw error;
    if (made.image !== undefined && made.image !== theirs.image) await removeImage(made.image);
    return theirs;
  }
}

function isTaken(error: unknown): boolean {
  return (
    error instanceof Error &&
    "code" in error &&
    (error.code === "ENOTEMPTY" || error.code === "EEXIST")
  );
}

/** What was made before, if its image is still there. */
async function usable({ root, hasImage }: StoreKeeping, name: string): Promise<Made | undefined> {
  const folder = join(root, name);
  const record = await recordIn(folder);
  if (!record || (record.image !== undefined && !(await hasImage(record.image)))) return undefined;
  const now = new Date();
  await utimes(folder, now, now);
  return record;
}

async function tidyUp(keeping: StoreKeeping, isUsed: (name: string) => boolean): Promise<void> {
  await removeAbandoned(keeping);
  const kept = (await finishedIn(keeping.root)).sort((a, b) => b.usedAt - a.usedAt);
  const pinned = await keeping.pins.othersPins();
  let bytes = kept.reduce((sum, { record }) => sum + record.bytes, 0);
  for (const { name, record } of kept.reverse()) {
    if (bytes <= keeping.budgetBytes) return;
    if (isUsed(name) || pinned.has(name)) continue;
    if (await remove(keeping, { name, record, isUsed })) bytes -= record.bytes;
  }
}

interface Removal {
  readonly name: string;
  readonly record: Made;
  readonly isUsed: (name: string) => boolean;
}

// Renamed in one step, so that nobody takes what is half removed.
async function remove(keeping: StoreKeeping, { name, record, isUsed }: Removal): Promise<boolean> {
  const { root, pins } = keeping;
  const place = join(root, name);
  const aside = join(root, unfinishedName(await pins.process()));
  await rename(place, aside);
  // Somebody may have begun to use it in between, and goes on believing that it is there.
  const isWanted = isUsed(name) || (await pins.othersPins()).has(name);
  let isFree = false;
  try {
    isFree = !isWanted && (record.image === undefined || (await keeping.removeImage(record.image)));
  } catch (error) {
    // It goes on being counted, and the next tidying comes back to it.
    await putBack(aside, place);
    throw error;
  }
  if (isFree || !(await putBack(aside, place))) await rm(aside, { recursive: true, force: true });
  return isFree;
}

/** False where another has made it anew in the meantime. */
async function putBack(aside: string, place: string): Promise<boolean> {
  return rename(aside, place).then(
    () => true,
    () => false,
  );
}

async function removeAbandoned({ root, pins, removeImage }: StoreKeeping): Promise<void> {
  for (const name of await namesIn(root)) {
    if (!name.startsWith(UNFINISHED)) continue;
    const process = processOf(name.slice(UNFINISHED.length));
    if (process !== undefined && (await pins.lifeOf(process)) === "living") continue;
    const image = (await recordIn(join(root, name)))?.image;
    if (image !== undefined) await removeImage(image);
    await rm(join(root, name), { recursive: true, force: true });
  }
}

async function finishedIn(root: string) {
  const found = [];
  for (const name of await namesIn(root)) {
    if (name.startsWith(UNFINISHED)) continue;
    const record = await recordIn(join(root, name));
    const stats = record && (await stat(join(root, name)).catch(() => undefined));
    if (record && stats) found.push({ name, record, usedAt: stats.mtimeMs });
  }
  return found;
}

/** The paths of the workspace that a kept layer holds, by the folder of the layer, whoever made it. */
export async function installedIn(layer: string): Promise<readonly string[]> {
  return (await recordIn(dirname(layer)))?.layers ?? [];
}

async function recordIn(folder: string): Promise<Made | undefined> {
  try {
    return Made.safeParse(JSON.parse(await readFile(join(folder, RECORD), "utf8"))).data;
  } catch (error) {
    if (isMissing(error) || error instanceof SyntaxError) return undefined;
    throw error;
  }
}

function unfinishedName(process: string): string {
  return `${UNFINISHED}${process}-${randomUUID()}`;
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
