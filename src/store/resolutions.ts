import { sql } from "kysely";
import { z } from "zod";
import type { ResolutionMemory } from "../core/resolution-memory.ts";
import type { Task } from "../core/task.ts";
import { canonicalJson, parseStored } from "./json.ts";
import { repositoryName } from "./repository-name.ts";
import { type Database, SCHEMA } from "./tables.ts";

/** What is remembered of one repository at most. */
const MAX_KEPT = 2_000;
const LONGEST_KEY = 200;

/** How conflicts of this repository were settled, in Postgres. Nothing of another repository is ever found. */
export function createResolutions(db: Database, repo: Task["repo"]): ResolutionMemory {
  const place = repositoryName(repo);
  const table = sql.id(SCHEMA, "resolutions");
  return {
    async find(key) {
      // What is of use is kept for longer.
      const row = await db
        .updateTable("resolutions")
        .set({ used_at: sql<Date>`now()` })
        .where("repository", "=", place)
        .where("key", "=", storable(key))
        .returning("resolution")
        .executeTakeFirst();
      return row && parseStored(z.string(), row.resolution, `resolution ${key.slice(0, 64)}`);
    },

    async keep(key, text) {
      const row = { repository: place, key: storable(key), resolution: canonicalJson(text) };
      await db
        .insertInto("resolutions")
        .values(row)
        .onConflict((conflict) =>
          conflict
            .columns(["repository", "key"])
            .doUpdateSet({ resolution: row.resolution, used_at: sql<Date>`now()` }),
        )
        .execute();
      await sql`
        delete from ${table} where repository = ${place} and key in (
          select key from ${table} where repository = ${place}
          order by used_at desc, key offset ${MAX_KEPT}
        )`.execute(db);
    },
  };
}

/** Text columns take no NUL. */
function storable(key: string): string {
  return key.slice(0, LONGEST_KEY).replaceAll("\0", "");
}
