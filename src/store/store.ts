import { PostgresSaver } from "@langchain/langgraph-checkpoint-postgres";
import { Kysely, PostgresDialect, sql } from "kysely";
import type pg from "pg";
import type { Ledger } from "../core/budget.ts";
import { NexusError } from "../core/errors.ts";
import type { EventRecord } from "../core/event.ts";
import type { Questions } from "../core/question.ts";
import type { Effects, EvidenceStore, Inbox, Journal, Tasks } from "../core/record.ts";
import type { ReplyCache } from "../core/reply-cache.ts";
import type { ResolutionMemory } from "../core/resolution-memory.ts";
import type { Task } from "../core/task.ts";
import { createEffects } from "./effects.ts";
import { createEvents } from "./events.ts";
import { createEvidenceStore } from "./evidence-store.ts";
import { createInbox } from "./inbox.ts";
import { createJournal } from "./journal.ts";
import { createLedger } from "./ledger.ts";
import { createLogStore, type LogStore } from "./log-store.ts";
import { migrate } from "./migrate.ts";
import { purge } from "./purge.ts";
import { createQuestions } from "./questions.ts";
import { createReplies } from "./replies.ts";
import { createResolutions } from "./resolutions.ts";
import { createSteadyPool, type Log } from "./steady-pool.ts";
import { type Database, SCHEMA, type Tables } from "./tables.ts";
import { createTasks } from "./tasks.ts";
import { createListener, createWaker, type Listener } from "./wake-ups.ts";

/** The book of record: everything Nexus must not lose. */
export interface Store extends AsyncDisposable, Pick<Listener, "listen"> {
  readonly inbox: Inbox;
  readonly tasks: Tasks;
  readonly questions: Questions;
  readonly effects: Effects;
  readonly journal: Journal;
  readonly events: EventRecord;
  readonly evidence: EvidenceStore;
  readonly logs: LogStore;
  /** What models cost. */
  readonly ledger: Ledger;
  /** How conflicts of one repository were settled. */
  resolutions(repo: Task["repo"]): ResolutionMemory;
  /** What models replied to requests of one repository. */
  replies(repo: Task["repo"]): ReplyCache;
  /** Where the task graph keeps its finished stages. */
  readonly checkpoints: PostgresSaver;
  /** Rejects with `store.unavailable` when the database does not answer in time. */
  ping(): Promise<void>;
  /** Deletes the details of tasks that ended longer ago than this. */
  purge(retentionMs: number): Promise<void>;
}

export interface StoreOptions {
  /** Limit for connecting and for one short statement; what carries bulk may take ten times as long. */
  readonly timeoutMs?: number;
  readonly poolSize?: number;
  readonly log?: Log;
}

const BULK_PATIENCE = 10;
const CHECKPOINT_SCHEMA = "langgraph";

/** Opens the record and brings its tables to the newest shape. */
export async function openStore(url: string, options: StoreOptions = {}): Promise<Store> {
  assertPostgresUrl(url);
  const { timeoutMs = 1_500, poolSize = 10, log } = options;
  const pool = createSteadyPool({ url, size: poolSize, timeoutMs, log });
  const bulkMs = timeoutMs * BULK_PATIENCE;
  const bulkPool = createSteadyPool({ url, size: poolSize, timeoutMs: bulkMs, log });
  const checkpoints = new PostgresSaver(bulkPool, undefined, { schema: CHECKPOINT_SCHEMA });
  try {
    await migrate({ url, timeoutMs, log }, () => checkpoints.setup());
  } catch (error) {
    await Promise.all([pool.end(), bulkPool.end()]);
    throw error;
  }
  const listener = createListener({ url, timeoutMs, log });
  return storeOver({ pool, bulkPool, checkpoints, listener });
}

interface Parts {
  readonly pool: pg.Pool;
  readonly bulkPool: pg.Pool;
  readonly checkpoints: PostgresSaver;
  readonly listener: Listener;
}

function storeOver({ pool, bulkPool, checkpoints, listener }: Parts): Store {
  const db = kyselyOver(pool);
  const bulk = kyselyOver(bulkPool);
  const wake = createWaker(pool);
  return {
    inbox: createInbox(db, wake),
    tasks: createTasks(db, wake),
    questions: createQuestions(db, wake),
    effects: createEffects({ db, bulk }, wake),
    journal: createJournal(db),
    events: createEvents(db),
    evidence: createEvidenceStore(db),
    logs: createLogStore(bulk),
    // Many stand in line for the same few rows.
    ledger: createLedger(bulk),
    resolutions: (repo) => createResolutions(db, repo),
    replies: (repo) => createReplies(db, repo),
    checkpoints,
    listen: (channel, handler) => listener.listen(channel, handler),
    async ping() {
      await sql`select 1`.execute(db);
    },
    purge: (retentionMs) => purge(bulk, retentionMs),
    async [Symbol.asyncDispose]() {
      await listener[Symbol.asyncDispose]();
      await Promise.all([pool.end(), bulkPool.end()]);
    },
  };
}

function kyselyOver(pool: pg.Pool): Database {
  return new Kysely<Tables>({ dialect: new PostgresDialect({ pool }) }).withSchema(SCHEMA);
}

/** The message never repeats the URL: it carries a password. */
function assertPostgresUrl(url: string): void {
  const protocol = URL.canParse(url) ? new URL(url).protocol : "";
  if (protocol === "postgres:" || protocol === "postgresql:") return;
  throw new NexusError("config.invalid", "The address of the database is not a postgres:// URL.", {
    hint: "It looks like postgres://user:password@host:5432/database.",
  });
}
