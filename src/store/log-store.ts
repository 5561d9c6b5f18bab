import { createHash } from "node:crypto";
import { promisify } from "node:util";
import { gunzip } from "node:zlib";
import { sql } from "kysely";
import { NexusError } from "../core/errors.ts";
import type { Database } from "./tables.ts";

/** The whole output of one command of a task, packed. */
interface KeptLog {
  readonly taskId: string;
  /** SHA-256 of the text, in hex. */
  readonly digest: string;
  readonly gzip: Uint8Array;
  /** Of the text. */
  readonly bytes: number;
}

/** Whole outputs of commands, for as long as the details of their task are kept. */
export interface LogStore {
  /** Keeps a log; again is the same as once. */
  keep(log: KeptLog): Promise<void>;
  /** The text with this digest; undefined where there is none. Throws `store.corrupt` when it is not what was kept. */
  read(digest: string): Promise<string | undefined>;
}

const unpack = promisify(gunzip);

/** Logs in Postgres. Give it a database with patience: one may have tens of megabytes. */
export function createLogStore(db: Database): LogStore {
  return {
    async keep({ taskId, digest, gzip, bytes }) {
      await db
        .insertInto("logs")
        .values({ task_id: taskId, digest, gzip: Buffer.from(gzip), bytes })
        .onConflict((conflict) =>
          conflict.columns(["task_id", "digest"]).doUpdateSet({ kept_at: sql<Date>`now()` }),
        )
        .execute();
    },

    async read(digest) {
      const row = await db
        .selectFrom("logs")
        .select(["gzip", "bytes"])
        .where("digest", "=", digest)
        .limit(1)
        .executeTakeFirst();
      if (!row) return undefined;
      const text = await unpacked(row.gzip, Number(row.bytes));
      if (text === undefined || sha256(text) !== digest) throw changed(digest);
      return text.toString();
    },
  };
}

/** Undefined when it is no gzip or holds more than it should. */
async function unpacked(gzip: Uint8Array, bytes: number): Promise<Buffer | undefined> {
  return await unpack(gzip, { maxOutputLength: Math.max(1, bytes) }).catch(() => undefined);
}

function sha256(bytes: Buffer): string {
  return createHash("sha256").update(bytes).digest("hex");
}

function changed(digest: string): NexusError {
  return new NexusError("store.corrupt", `Log ${digest} is not what was kept.`, {
    hint: "Somebody changed it in the database: do not trust it, run the task again.",
  });
}
