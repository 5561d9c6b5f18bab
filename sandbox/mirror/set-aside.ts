import { rename, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout } from "node:timers/promises";
import { NexusError } from "../../src/core/errors.ts";
import type { Pins } from "../engine/presence.ts";
import { processOf } from "../session-name.ts";
import { finishedIn, namesIn, UNFINISHED, unfinishedName } from "./finished-folders.ts";

/** Which folders may go. */
export interface Setting {
  readonly root: string;
  /** How many stay beyond those that must. */
  readonly keep: number;
  readonly pins: Pins;
  /** Name of the one that this folder cannot do without; it stays as long as the folder does. */
  readonly standsOn?: (folder: string) => Promise<string | undefined>;
  /** Whether this process uses it. */
  readonly isUsed: (name: string) => boolean;
}

const LEAVES = "leaves-";
const LOOK_MS = 20;
// To look at pins and to rename takes milliseconds.
const PATIENCE_MS = 60_000;

/**
 * Renames what nobody needs, each in one step, and says where it lies now. What is pinned is never moved:
 * first others are told that it leaves, then their pins are looked at; who takes pins first, then looks
 * whether it leaves. So one of the two always sees the other.
 */
export async function setAside(setting: Setting): Promise<string[]> {
  const { root, pins } = setting;
  const doomed = await unneeded(setting);
  const process = await pins.process();
  const aside: string[] = [];
  for (const name of doomed) {
    const mark = join(root, `${UNFINISHED}${process}-${LEAVES}${name}`);
    await writeFile(mark, "");
    try {
      if (await isWanted(setting, { name, doomed })) continue;
      const folder = join(root, unfinishedName(process));
      if (await moved(join(root, name), folder)) aside.push(folder);
    } finally {
      await rm(mark, { force: true });
    }
  }
  return aside;
}

/** Waits until no living process is about to set this folder aside. Only for those who have pinned it. */
export async function staysOrIsGone(root: string, name: string, pins: Pins): Promise<void> {
  const end = performance.now() + PATIENCE_MS;
  while (await isLeaving(root, name, pins)) {
    if (performance.now() > end) {
      throw new NexusError("sandbox.unavailable", "Another process does not finish its tidying.", {
        hint: "Is one of Nexus' processes stopped?",
        retryable: true,
      });
    }
    await setTimeout(LOOK_MS);
  }
}

async function isLeaving(root: string, name: string, pins: Pins): Promise<boolean> {
  for (const other of await namesIn(root)) {
    if (!other.endsWith(`-${LEAVES}${name}`)) continue;
    const process = processOf(other.slice(UNFINISHED.length));
    if (process !== undefined && (await pins.lifeOf(process)) === "living") return true;
  }
  return false;
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
  if ((await setting.pins.othersPins()).has(name) || setting.isUsed(name)) return true;
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

/** False where another process was quicker: it has taken the folder away. */
async function moved(folder: string, place: string): Promise<boolean> {
  return rename(folder, place).then(
    () => true,
    () => false,
  );
}
