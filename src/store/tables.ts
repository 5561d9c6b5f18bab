import {
  type ColumnType,
  type Generated,
  type Kysely,
  type RawBuilder,
  sql,
  type Transaction,
} from "kysely";

/** Written as canonical JSON text, read as whatever it holds: parse it with its schema. */
type Json = ColumnType<unknown, string, string>;
type NullableJson = ColumnType<unknown, string | undefined, string | null>;

interface InboxTable {
  id: string;
  seq: Generated<string>;
  task: Json;
  state: "pending" | "accepted" | "refused";
  reason: string | null;
  settled_at: Date | null;
  due_at: Generated<Date>;
  tries: Generated<number>;
}

export interface TasksTable {
  id: string;
  seq: Generated<string>;
  task: Json;
  state: "waiting" | "running" | "asked" | "done";
  epoch: Generated<number>;
  crashes: Generated<number>;
  worker: string | null;
  lease_until: Date | null;
  outcome: NullableJson;
  changed_at: Generated<Date>;
  not_before: Date | null;
  interruptions: Generated<number>;
  interrupted_at: Date | null;
  reached: Generated<string[]>;
  purged: Generated<boolean>;
  /** The issue or pull request; null for old ones and for what nobody asked for. */
  place: string | null;
  question: NullableJson;
  asked_at: Date | null;
}

export interface EffectsTable {
  id: string;
  seq: Generated<string>;
  task_id: string;
  effect: Json;
  bundle: Uint8Array | null;
  version: Generated<number>;
  state: "wanted" | "done" | "failed";
  attempts: Generated<number>;
  taken_version: number | null;
  taken_attempt: number | null;
  due_at: Date;
  result: NullableJson;
  reason: string | null;
  wanted_at: Generated<Date>;
  /** Of the wish. */
  kind: string | null;
  tried_at: Date | null;
  final: Generated<boolean>;
}

interface ResultsTable {
  task_id: string;
  key: string;
  value: Json;
}

interface StepsTable {
  seq: Generated<string>;
  task_id: string;
  agent: string;
  step: Json;
  at: Generated<Date>;
}

export interface EventsTable {
  seq: Generated<string>;
  task_id: string;
  name: string;
  data: Json;
  /** The same for the same event, however often it is told; absent for old ones. */
  key: string | null;
  at: Generated<Date>;
}

interface EvidenceTable {
  digest: string;
  evidence: Json;
  kept_at: Generated<Date>;
}

interface LogsTable {
  task_id: string;
  digest: string;
  gzip: Uint8Array;
  bytes: string | number;
  kept_at: Generated<Date>;
}

interface RepliesTable {
  repository: string;
  key: string;
  reply: Json;
  kept_at: Generated<Date>;
}

interface ResolutionsTable {
  repository: string;
  key: string;
  resolution: Json;
  used_at: Generated<Date>;
}

interface AnswersTable {
  id: string;
  seq: Generated<string>;
  task_id: string;
  answer: Json;
  at: Generated<Date>;
}

interface BudgetsTable {
  scope: string;
  name: string;
  settled: Generated<string>;
  reserved: Generated<string>;
  changed_at: Generated<Date>;
}

interface SpendingsTable {
  id: string;
  task_id: string;
  repository: string;
  day: string;
  model: string;
  state: Generated<"reserved" | "settled" | "released">;
  at_most: string;
  billed: string | null;
  /** The price is not known: `billed` is the most that it can have been. */
  is_guess: Generated<boolean>;
  made_at: Generated<Date>;
  expires_at: Date;
}

/** The tables of the record, as the queries see them. */
export interface Tables {
  inbox: InboxTable;
  tasks: TasksTable;
  effects: EffectsTable;
  results: ResultsTable;
  steps: StepsTable;
  events: EventsTable;
  evidence: EvidenceTable;
  logs: LogsTable;
  resolutions: ResolutionsTable;
  replies: RepliesTable;
  answers: AnswersTable;
  budgets: BudgetsTable;
  spendings: SpendingsTable;
}

/** The record's tables live in a schema of their own. */
export const SCHEMA = "nexus";

export type Database = Kysely<Tables>;
export type Tx = Transaction<Tables>;

/** A row limit that Postgres accepts. */
export function atMost(limit: number): number {
  return Math.max(0, Math.trunc(limit));
}

/** A span of time on the database's clock. */
export function milliseconds(ms: number): RawBuilder<unknown> {
  return sql`${ms}::double precision * interval '1 millisecond'`;
}
