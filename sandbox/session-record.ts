import { randomUUID } from "node:crypto";
import { readdir, readFile, rename, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { z } from "zod";
import { isMissing } from "./changes/raw-path.ts";

/** What is written down of each session, for other processes: where its parts are, and how long it is kept. */
export const SessionRecord = z.object({
  version: z.literal(1),
  /** `held` is kept until `heldUntil`; `open` belongs to its process. */
  state: z.enum(["open", "held"]),
  session: z.string(),
  taskId: z.string(),
  gitDir: z.string(),
  commit: z.string(),
  /** Digest of the image. */
  image: z.string(),
  containerId: z.string(),
  /** Name of the volume, where the mirror has one. */
  volume: z.string().optional(),
  /** `uid:gid` that commands run as. */
  user: z.string(),
  mirror: z.enum(["overlay", "copy", "upload"]),
  /** The frozen files of the commit, as in `FrozenTree`. */
  tree: z.object({ folders: z.array(z.string()) }),
  /** Frozen folders with installed files that lie over the commit. */
  layers: z.array(z.string()),
  /** Variables of the commands beyond the container's own. */
  env: z.record(z.string(), z.string()),
  /** ISO 8601. */
  openedAt: z.string(),
  why: z.string().optional(),
  /** ISO 8601. */
  heldUntil: z.string().optional(),
});
export type SessionRecord = z.infer<typeof SessionRecord>;

const NAME = "session.json";

/** Writes the record of a session into its folder, whole or not at all. */
export async function writeRecord(layersFolder: string, record: SessionRecord): Promise<void> {
  const folder = join(layersFolder, record.session);
  const unfinished = join(folder, `${NAME}.${randomUUID()}`);
  await writeFile(unfinished, `${JSON.stringify(record, undefined, 2)}\n`, { mode: 0o600 });
  await rename(unfinished, join(folder, NAME));
}

/** The record of a session; undefined where there is none that can be read. */
export async function readRecord(
  layersFolder: string,
  session: string,
): Promise<SessionRecord | undefined> {
  try {
    const text = await readFile(join(layersFolder, session, NAME), "utf8");
    return SessionRecord.safeParse(JSON.parse(text)).data;
  } catch (error) {
    if (isMissing(error) || error instanceof SyntaxError) return undefined;
    throw error;
  }
}

/** The records of all sessions below a folder of layers, those of other processes too. */
export async function listRecords(layersFolder: string): Promise<readonly SessionRecord[]> {
  const records: SessionRecord[] = [];
  for (const session of await namesIn(layersFolder)) {
    const record = await readRecord(layersFolder, session);
    if (record?.session === session) records.push(record);
  }
  return records;
}

/** Whether a session is to be kept at this time, although nobody has it open. */
export function isHeld({ state, heldUntil }: SessionRecord, now: number): boolean {
  return state === "held" && heldUntil !== undefined && Date.parse(heldUntil) > now;
}

async function namesIn(folder: string): Promise<string[]> {
  try {
    return await readdir(folder);
  } catch (error) {
    if (isMissing(error)) return [];
    throw error;
  }
}
