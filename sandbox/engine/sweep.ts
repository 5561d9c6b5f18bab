import type Docker from "dockerode";
import { heldSessions } from "../hold.ts";
import type { Layers } from "../mirror/layers.ts";
import { processOf } from "../session-name.ts";
import { isHeld, readRecord, writeRecord } from "../session-record.ts";
import { findThings, type Thing } from "./find-things.ts";
import type { Presence } from "./presence.ts";

/** Whose things may be swept away. */
export interface Sweeping {
  readonly owner: string;
  readonly layers: Layers;
  readonly layersFolder: string;
  /** Sessions of this process that are still in use. */
  readonly inUse: ReadonlySet<string>;
  readonly presence: Presence;
}

/**
 * Removes containers, volumes, networks and layers of this installation that no living process uses and that
 * are not held. Where nothing is known of the process, those of the named tasks stay. Things of other
 * installations bear another label and are not touched. What cannot be removed keeps only what lies below it
 * from going too, and is thrown in the end: the next sweep comes back to it.
 */
export async function sweepAway(
  docker: Docker,
  sweeping: Sweeping,
  exceptTaskIds: readonly string[],
): Promise<void> {
  const { layers, owner, presence } = sweeping;
  const kept = new Set<string>();
  const mayGo = await judge(sweeping);
  const isLeft = async ({ session, task }: Pick<Thing, "session" | "task">) => {
    if (!(await mayGo(session, exceptTaskIds.includes(task)))) kept.add(session);
    return !kept.has(session);
  };

  const failures: unknown[] = [];
  const unlessStuck = async (session: string, removing: Promise<void>) => {
    await removing.catch((error: unknown) => {
      failures.push(error);
      kept.add(session);
    });
  };

  for (const thing of await findThings(docker, { owner }))
    if (await isLeft(thing)) await unlessStuck(thing.session, thing.remove());
  for (const session of await layers.sessions())
    if (await isLeft({ session, task: "" })) await unlessStuck(session, layers.remove(session));
  if (failures.length > 0) throw failures[0];
  await presence.forgetGone();
}

/**
 * Removes the containers of one task at once, whatever they do, with their volumes, networks and layers. Of a session that this process has open the rest goes when it is closed.
 */
export async function removeTask(
  docker: Docker,
  sweeping: Omit<Sweeping, "presence">,
  taskId: string,
): Promise<void> {
  const { owner, layers, inUse } = sweeping;
  const things = await findThings(docker, { owner, task: taskId });
  const containers = things.filter(({ kind }) => kind === "container");
  await Promise.all(containers.map(({ remove }) => remove()));
  for (const { kind, session, remove } of things)
    if (kind !== "container" && !inUse.has(session)) await remove();

  const sessions = new Set(things.map(({ session }) => session));
  for (const session of sessions)
    if (session !== "" && !inUse.has(session)) await layers.remove(session);
}

/** Removes all that is held of one task; what this process has still open is no longer to be held. */
export async function releaseTask(
  docker: Docker,
  sweeping: Omit<Sweeping, "presence"> & { readonly toHold: Set<string> },
  taskId: string,
): Promise<void> {
  const { owner, layers, layersFolder, inUse, toHold } = sweeping;
  for (const record of (await heldSessions(layersFolder, Date.now())).values()) {
    const { session } = record;
    if (record.taskId !== taskId) continue;
    if (inUse.has(session)) {
      toHold.delete(session);
      await writeRecord(layersFolder, { ...record, state: "open" });
      continue;
    }
    for (const { remove } of await findThings(docker, { owner, session })) await remove();
    await layers.remove(session);
  }
}

/** Tells whether what belongs to a session may go; `spared` has a say where nothing is known of its process. */
async function judge({ inUse, presence, layersFolder }: Sweeping) {
  const own = await presence.enter();
  return async (session: string, spared: boolean): Promise<boolean> => {
    if (inUse.has(session) || !(await isOver(session, spared))) return false;
    // Looked at last: who held it did so before it was closed or its process ended.
    const record = await readRecord(layersFolder, session);
    return record === undefined || !isHeld(record, Date.now());
  };

  async function isOver(session: string, spared: boolean): Promise<boolean> {
    const process = processOf(session);
    if (process === own) return true;
    const life = process === undefined ? "unknown" : await presence.lifeOf(process);
    return life === "unknown" ? !spared : life === "gone";
  }
}
