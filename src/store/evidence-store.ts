import { createHash } from "node:crypto";
import { sql } from "kysely";
import { NexusError } from "../core/errors.ts";
import { Evidence } from "../core/evidence.ts";
import type { EvidenceStore } from "../core/record.ts";
import { canonicalJson, parseStored } from "./json.ts";
import type { Database } from "./tables.ts";

/** Evidence in Postgres under its own digest: what is found is what was kept, or it is refused. */
export function createEvidenceStore(db: Database): EvidenceStore {
  return {
    async keep(evidence) {
      const json = canonicalJson(Evidence.parse(evidence));
      const digest = sha256(json);
      await db
        .insertInto("evidence")
        .values({ digest, evidence: json })
        .onConflict((conflict) =>
          // Kept again is wanted for as long again.
          conflict.column("digest").doUpdateSet({ kept_at: sql<Date>`now()` }),
        )
        .execute();
      return digest;
    },

    async find(digest) {
      const row = await db
        .selectFrom("evidence")
        .select("evidence")
        .where("digest", "=", digest)
        .executeTakeFirst();
      if (!row) return undefined;
      if (sha256(canonicalJson(row.evidence)) !== digest) throw changed(digest);
      return parseStored(Evidence, row.evidence, `evidence ${digest}`);
    },
  };
}

/** The name of a JSON text. */
export function sha256(text: string): string {
  return createHash("sha256").update(text).digest("hex");
}

function changed(digest: string): NexusError {
  return new NexusError("store.corrupt", `Evidence ${digest} is not what was kept.`, {
    hint: "Somebody changed it in the database: do not trust it, run the task again.",
  });
}
