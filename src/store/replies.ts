import { sql } from "kysely";
import { KeptReply, type ReplyCache } from "../core/reply-cache.ts";
import type { Task } from "../core/task.ts";
import { canonicalJson, parseStored } from "./json.ts";
import { repositoryName } from "./repository-name.ts";
import { type Database, milliseconds, SCHEMA } from "./tables.ts";

/** What is kept of one repository at most, and for how long. */
const MAX_KEPT = 500;
const MAX_BYTES = 256 * 1024;
const MAX_AGE_MS = 86_400_000;

/** Replies of models to requests of this repository, in Postgres. Nothing of another repository is ever found. */
export function createReplies(db: Database, repo: Task["repo"]): ReplyCache {
  const place = repositoryName(repo);
  const table = sql.id(SCHEMA, "replies");
  return {
    async find(key) {
      const row = await db
        .selectFrom("replies")
        .select("reply")
        .where("repository", "=", place)
        .where("key", "=", key)
        .where("kept_at", ">", sql<Date>`now() - ${milliseconds(MAX_AGE_MS)}`)
        .executeTakeFirst();
      return row && parseStored(KeptReply, row.reply, `reply ${key.slice(0, 64)}`);
    },

    async keep(key, reply) {
      const row = { repository: place, key, reply: canonicalJson(KeptReply.parse(reply)) };
      if (Buffer.byteLength(row.reply) > MAX_BYTES) return;
      await db
        .insertInto("replies")
        .values(row)
        .onConflict((conflict) =>
          conflict
            .columns(["repository", "key"])
            .doUpdateSet({ reply: row.reply, kept_at: sql<Date>`now()` }),
        )
        .execute();
      await sql`
        delete from ${table} where repository = ${place} and (
          kept_at <= now() - ${milliseconds(MAX_AGE_MS)}
          or key in (
            select key from ${table} where repository = ${place}
            order by kept_at desc, key offset ${MAX_KEPT}
          )
        )`.execute(db);
    },
  };
}
