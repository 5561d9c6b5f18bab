import { Kysely, PostgresDialect } from "kysely";
import { Migrator } from "kysely/migration";
import pg from "pg";
import { NexusError } from "../core/errors.ts";
import { storeFailure } from "./failures.ts";
import { MIGRATIONS } from "./migrations.ts";
import { connectionSettings, createSteadyPool, type Log, steady } from "./steady-pool.ts";
import { SCHEMA } from "./tables.ts";

/** Any number will do as long as nobody else in this database uses it. */
const LOCK = "7239081736012241";
/** Tables may be large, and another process may be at it. */
const MIGRATION_TIMEOUT_MS = 60_000;

interface Place {
  readonly url: string;
  readonly timeoutMs: number;
  readonly log: Log | undefined;
}

/** Brings the database to the newest shape; processes that start together go one after the other. */
export async function migrate(place: Place, alsoSetUp: () => Promise<void>): Promise<void> {
  const client = new pg.Client({
    ...connectionSettings({ ...place, timeoutMs: MIGRATION_TIMEOUT_MS }),
    connectionTimeoutMillis: place.timeoutMs,
  });
  client.on("error", (error) =>
    place.log?.warn({ err: error }, "the migration's connection broke"),
  );
  steady(client);
  try {
    await client.connect().catch((error: unknown) => {
      throw storeFailure(error);
    });
    await client.query("select pg_advisory_lock($1::bigint)", [LOCK]);
    await toNewestShape(place);
    await alsoSetUp();
  } finally {
    // The lock goes with the connection.
    await client.end().catch(() => undefined);
  }
}

async function toNewestShape({ url, log }: Place): Promise<void> {
  const pool = createSteadyPool({ url, size: 1, timeoutMs: MIGRATION_TIMEOUT_MS, log });
  const db = new Kysely<unknown>({ dialect: new PostgresDialect({ pool }) });
  try {
    const provider = { getMigrations: async () => ({ ...MIGRATIONS }) };
    const migrator = new Migrator({ db, provider, migrationTableSchema: SCHEMA });
    const { error } = await migrator.migrateToLatest();
    if (error) throw explained(error);
  } finally {
    await db.destroy();
  }
}

function explained(error: unknown): unknown {
  if (!(error instanceof Error && error.message.startsWith("corrupted migrations"))) return error;
  return new NexusError("store.corrupt", "The database was last used by another Nexus.", {
    hint: "Run the newest version of Nexus that has used this database, or a newer one.",
    cause: error,
  });
}
