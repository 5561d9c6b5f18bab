import { randomUUID } from "node:crypto";
import { link, readFile, rename, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout } from "node:timers/promises";
import { NexusError } from "../../src/core/errors.ts";
import { isMissing } from "../changes/raw-path.ts";
import type { Pins } from "../engine/presence.ts";

const LOOK_MS = 200;

interface Claiming {
  readonly root: string;
  readonly name: string;
  readonly pins: Pins;
  readonly signal: AbortSignal;
}

/**
 * Waits until this process alone may make what bears a name. What a process that has ended claimed is free
 * again. Throws `aborted` when the signal fires first.
 */
export async function claim(claiming: Claiming): Promise<AsyncDisposable> {
  const { root, name, pins, signal } = claiming;
  const place = join(root, `claim-${name}`);
  const own = await pins.process();
  // Complete before it bears the name: others never read half of it.
  const paper = join(root, `claim-${own}-${randomUUID()}`);
  await writeFile(paper, own);
  try {
    while (!(await isLinked(paper, place))) {
      const gone = await abandonedBy(place, pins);
      if (gone !== undefined) await clear(place, { paper, gone });
      else await setTimeout(LOOK_MS, undefined, { signal });
    }
  } catch (cause) {
    throw signal.aborted
      ? new NexusError("aborted", "The set-up was cancelled.", { cause })
      : cause;
  } finally {
    await rm(paper, { force: true });
  }
  return {
    async [Symbol.asyncDispose]() {
      if ((await holderOf(place)) === own) await rm(place, { force: true });
    },
  };
}

async function isLinked(paper: string, place: string): Promise<boolean> {
  try {
    await link(paper, place);
    return true;
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "EEXIST") return false;
    throw error;
  }
}

/** The process that has ended without giving it back; undefined where nobody holds it, or one that lives. */
async function abandonedBy(place: string, pins: Pins): Promise<string | undefined> {
  const holder = await holderOf(place);
  return holder !== undefined && (await pins.lifeOf(holder)) !== "living" ? holder : undefined;
}

// Of several that find it abandoned only one can move it; who moved a newer one puts it back.
async function clear(
  place: string,
  { paper, gone }: { readonly paper: string; readonly gone: string },
): Promise<void> {
  const aside = `${paper}-aside`;
  try {
    await rename(place, aside);
  } catch (error) {
    if (isMissing(error)) return;
    throw error;
  }
  if ((await holderOf(aside)) !== gone) await isLinked(aside, place);
  await rm(aside, { force: true });
}

async function holderOf(place: string): Promise<string | undefined> {
  try {
    return await readFile(place, "utf8");
  } catch (error) {
    if (isMissing(error)) return undefined;
    throw error;
  }
}
