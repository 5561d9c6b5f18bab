import type Docker from "dockerode";
import { ask } from "../engine/engine.ts";
import type { Presence } from "../engine/presence.ts";
import { processOf } from "../session-name.ts";
import { isHeld, listRecords, type SessionRecord } from "../session-record.ts";

/**
 * What a session is doing: kept for people, in use, started ahead, or left by a process that has ended, which
 * the next sweep takes away. `over` is one whose container has ended.
 */
type SessionState = "held" | "running" | "waiting" | "left behind" | "over" | "unknown";

/** One session of a task, as another process sees it. */
export interface SeenSession {
  readonly record: SessionRecord;
  readonly state: SessionState;
  /** Its place among the sessions of its task, the oldest first, from 1 on. */
  readonly number: number;
}

/** Where sessions are looked for. */
export interface Lookout {
  readonly docker: Docker;
  readonly owner: string;
  readonly layersFolder: string;
  readonly presence: Pick<Presence, "lifeOf">;
}

/** All sessions of this installation, whoever made them. Without an engine their state is unknown unless they are held. */
export async function seeSessions(lookout: Lookout, now: number): Promise<readonly SeenSession[]> {
  const records = [...(await listRecords(lookout.layersFolder))].sort(byAge);
  const containers = records.length === 0 ? new Map() : await containerStates(lookout);
  const counts = new Map<string, number>();
  const seen: SeenSession[] = [];
  for (const record of records) {
    const number = (counts.get(record.taskId) ?? 0) + 1;
    counts.set(record.taskId, number);
    const container = containers && (containers.get(record.containerId) ?? "gone");
    const isAlive = await belongsToTheLiving(lookout, record);
    seen.push({ record, number, state: stateOf(record, { container, isAlive, now }) });
  }
  return seen;
}

interface Known {
  /** As the engine calls it; undefined where it does not answer. */
  readonly container: string | undefined;
  readonly isAlive: boolean;
  readonly now: number;
}

function stateOf(record: SessionRecord, { container, isAlive, now }: Known): SessionState {
  const runs = container === undefined || container === "running" || container === "paused";
  if (!runs) return "over";
  if (isHeld(record, now)) return "held";
  if (!isAlive) return "left behind";
  if (container === undefined) return "unknown";
  // Containers in use are paused only while their changes are read.
  return container === "paused" ? "waiting" : "running";
}

async function containerStates({
  docker,
  owner,
}: Lookout): Promise<ReadonlyMap<string, string> | undefined> {
  try {
    const listed = await ask("list containers", (abortSignal) =>
      docker.listContainers({
        all: true,
        filters: { label: [`nexus.owner=${owner}`] },
        abortSignal,
      }),
    );
    return new Map(listed.map(({ Id, State }) => [Id, State]));
  } catch {
    return undefined;
  }
}

async function belongsToTheLiving(
  { presence }: Lookout,
  { session }: SessionRecord,
): Promise<boolean> {
  const process = processOf(session);
  return process !== undefined && (await presence.lifeOf(process)) === "living";
}

function byAge(a: SessionRecord, b: SessionRecord): number {
  return a.openedAt < b.openedAt ? -1 : Number(a.openedAt > b.openedAt);
}
