import { relative, sep } from "node:path";
import type { Pins } from "./engine/presence.ts";
import {
  isHeld,
  listRecords,
  readRecord,
  type SessionRecord,
  writeRecord,
} from "./session-record.ts";
import type { Site } from "./site.ts";

/** Notes that a session is to be kept when it is closed; says until when. */
export async function holdUntil(site: Site, record: SessionRecord, why: string): Promise<string> {
  const before = await readRecord(site.layersFolder, record.session);
  const heldUntil = before?.heldUntil ?? new Date(Date.now() + site.holdMs).toISOString();
  await writeRecord(site.layersFolder, { ...record, state: "held", why, heldUntil });
  site.toHold.add(record.session);
  site.onStep("held");
  return heldUntil;
}

/** Sessions that are kept at this time, by name. */
export async function heldSessions(
  layersFolder: string,
  now: number,
): Promise<ReadonlyMap<string, SessionRecord>> {
  const records = await listRecords(layersFolder);
  return new Map(
    records.filter((record) => isHeld(record, now)).map((record) => [record.session, record]),
  );
}

/** Pins that also hold what held sessions stand on, whoever made them, below the folder of their kind. */
export function withHeld(pins: Pins, at: { layersFolder: string; kind: string }): Pins {
  return {
    ...pins,
    async othersPins() {
      const pinned = new Set(await pins.othersPins());
      for (const { tree, layers } of (await heldSessions(at.layersFolder, Date.now())).values()) {
        for (const folder of [...tree.folders, ...layers]) {
          const [name = ".."] = relative(at.kind, folder).split(sep);
          if (name !== ".." && name !== "") pinned.add(name);
        }
      }
      return pinned;
    },
  };
}
