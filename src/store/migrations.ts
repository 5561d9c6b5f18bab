import { type Kysely, sql } from "kysely";
import type { Migration } from "kysely/migration";

/**
 * Columns with JSON are of type json, not jsonb: json keeps the text as it was written, so two equal
 * values stay equal texts, and it can hold what jsonb refuses (NUL, half surrogates).
 */
async function createRecord(db: Kysely<unknown>): Promise<void> {
  await sql`
    create table nexus.inbox (
      id text primary key,
      seq bigint generated always as identity,
      task json not null,
      state text not null default 'pending' check (state in ('pending', 'accepted', 'refused')),
      reason text,
      received_at timestamptz not null default now(),
      settled_at timestamptz
    )`.execute(db);
  await sql`create index on nexus.inbox (seq) where state = 'pending'`.execute(db);
  await sql`
    create table nexus.tasks (
      id text primary key,
      seq bigint generated always as identity,
      task json not null,
      state text not null default 'waiting' check (state in ('waiting', 'running', 'done')),
      epoch integer not null default 0,
      crashes integer not null default 0,
      worker text,
      lease_until timestamptz,
      outcome json,
      created_at timestamptz not null default now(),
      changed_at timestamptz not null default now(),
      check ((state = 'running') = (lease_until is not null)),
      check ((state = 'done') = (outcome is not null))
    )`.execute(db);
  await sql`create index on nexus.tasks (seq) where state <> 'done'`.execute(db);
  await sql`create index on nexus.tasks (seq desc)`.execute(db);
}

async function createEffects(db: Kysely<unknown>): Promise<void> {
  await sql`
    create table nexus.effects (
      id text primary key,
      seq bigint generated always as identity,
      task_id text not null,
      effect json not null,
      bundle bytea,
      version integer not null default 1,
      state text not null default 'wanted' check (state in ('wanted', 'done', 'failed')),
      attempts integer not null default 0,
      taken_version integer,
      taken_attempt integer,
      due_at timestamptz not null default now(),
      result json,
      reason text,
      wanted_at timestamptz not null default now(),
      check ((state = 'done') = (result is not null))
    )`.execute(db);
  await sql`create index on nexus.effects (seq) where state = 'wanted'`.execute(db);
  await sql`create index on nexus.effects (task_id, seq) where state = 'wanted'`.execute(db);
}

async function createJournal(db: Kysely<unknown>): Promise<void> {
  await sql`
    create table nexus.results (
      task_id text not null references nexus.tasks (id) on delete cascade,
      key text not null,
      value json not null,
      stored_at timestamptz not null default now(),
      primary key (task_id, key)
    )`.execute(db);
  await sql`
    create table nexus.steps (
      seq bigint generated always as identity primary key,
      task_id text not null,
      agent text not null,
      step json not null,
      at timestamptz not null default now()
    )`.execute(db);
  await sql`create index on nexus.steps (task_id, agent, seq)`.execute(db);
  await sql`
    create table nexus.events (
      seq bigint generated always as identity primary key,
      task_id text not null,
      name text not null,
      data json not null,
      at timestamptz not null default now()
    )`.execute(db);
  await sql`create index on nexus.events (task_id, seq)`.execute(db);
  await sql`
    create table nexus.evidence (
      digest text primary key,
      evidence json not null,
      kept_at timestamptz not null default now()
    )`.execute(db);
}

/** Waiting for trouble to pass: tasks, deliveries and effects that are due later, and for how long already. */
async function addPatience(db: Kysely<unknown>): Promise<void> {
  await sql`
    alter table nexus.tasks
      add column if not exists not_before timestamptz,
      add column if not exists interruptions integer not null default 0,
      add column if not exists interrupted_at timestamptz,
      add column if not exists reached text[] not null default '{}'`.execute(db);
  await sql`
    alter table nexus.inbox
      add column if not exists due_at timestamptz not null default now(),
      add column if not exists tries integer not null default 0`.execute(db);
  await sql`
    alter table nexus.effects
      add column if not exists kind text,
      add column if not exists tried_at timestamptz,
      add column if not exists final boolean not null default false`.execute(db);
  // By its text: Postgres' own operators refuse a JSON text that holds NUL.
  await sql`
    update nexus.effects set kind = substring(effect::text from '"kind":"([a-z-]+)"')
    where kind is null`.execute(db);
}

/** What tells which ended tasks still have details to delete. */
async function addPurge(db: Kysely<unknown>): Promise<void> {
  await sql`
    alter table nexus.tasks
      add column if not exists purged boolean not null default false`.execute(db);
  await sql`
    create index if not exists tasks_to_purge on nexus.tasks (changed_at)
      where state = 'done' and not purged`.execute(db);
  await sql`create index if not exists evidence_by_age on nexus.evidence (kept_at)`.execute(db);
}

/** Whole outputs of commands, for as long as the details of their task are kept. */
async function addLogs(db: Kysely<unknown>): Promise<void> {
  await sql`
    create table if not exists nexus.logs (
      task_id text not null,
      digest text not null,
      gzip bytea not null,
      bytes bigint not null,
      kept_at timestamptz not null default now(),
      primary key (task_id, digest)
    )`.execute(db);
  // It is packed already.
  await sql`alter table nexus.logs alter column gzip set storage external`.execute(db);
  await sql`create index if not exists logs_by_digest on nexus.logs (digest)`.execute(db);
  await sql`create index if not exists logs_by_age on nexus.logs (kept_at)`.execute(db);
}

/** How conflicts were settled, for as long as they come up again. */
async function addResolutions(db: Kysely<unknown>): Promise<void> {
  await sql`
    create table if not exists nexus.resolutions (
      repository text not null,
      key text not null,
      resolution json not null,
      used_at timestamptz not null default now(),
      primary key (repository, key)
    )`.execute(db);
  await sql`
    create index if not exists resolutions_by_use on nexus.resolutions (repository, used_at)`.execute(
    db,
  );
}

/**
 * What models cost. `budgets` counts, for each thing that is bounded, what is settled and what is reserved;
 * `spendings` has a row for each call, of which the counts are the sums.
 */
async function addLedger(db: Kysely<unknown>): Promise<void> {
  await sql`
    create table if not exists nexus.budgets (
      scope text not null,
      name text not null,
      settled bigint not null default 0 check (settled >= 0),
      reserved bigint not null default 0 check (reserved >= 0),
      changed_at timestamptz not null default now(),
      primary key (scope, name)
    )`.execute(db);
  await sql`
    create table if not exists nexus.spendings (
      id text primary key,
      task_id text not null,
      repository text not null,
      day text not null,
      model text not null,
      state text not null default 'reserved' check (state in ('reserved', 'settled', 'released')),
      at_most bigint not null check (at_most >= 0),
      billed bigint check (billed >= 0),
      is_guess boolean not null default false,
      made_at timestamptz not null default now(),
      expires_at timestamptz not null,
      check ((state = 'settled') = (billed is not null))
    )`.execute(db);
  await sql`create index if not exists spendings_by_task on nexus.spendings (task_id)`.execute(db);
  await sql`create index if not exists spendings_by_age on nexus.spendings (made_at)`.execute(db);
  await sql`
    create index if not exists spendings_open on nexus.spendings (expires_at)
      where state = 'reserved'`.execute(db);
}

/** Replies of models that may be used again, for a day. */
async function addReplies(db: Kysely<unknown>): Promise<void> {
  await sql`
    create table if not exists nexus.replies (
      repository text not null,
      key text not null,
      reply json not null,
      kept_at timestamptz not null default now(),
      primary key (repository, key)
    )`.execute(db);
  await sql`
    create index if not exists replies_by_age on nexus.replies (repository, kept_at)`.execute(db);
}

/** By which an event that is told twice is kept once. */
async function addEventKeys(db: Kysely<unknown>): Promise<void> {
  await sql`alter table nexus.events add column if not exists key text`.execute(db);
  await sql`
    create unique index if not exists events_by_key on nexus.events (task_id, key)
      where key is not null`.execute(db);
}

/** Tasks that wait for a person's word, and every word that was given; what was said stays. */
async function addQuestions(db: Kysely<unknown>): Promise<void> {
  await sql`
    alter table nexus.tasks
      add column if not exists place text,
      add column if not exists question json,
      add column if not exists asked_at timestamptz,
      drop constraint if exists tasks_state_check,
      drop constraint if exists tasks_asked_check,
      add constraint tasks_state_check
        check (state in ('waiting', 'running', 'asked', 'done')),
      add constraint tasks_asked_check check (state <> 'asked' or asked_at is not null)`.execute(
    db,
  );
  await sql`create index if not exists tasks_by_place on nexus.tasks (place, seq)`.execute(db);
  await sql`
    create table if not exists nexus.answers (
      id text primary key,
      seq bigint generated always as identity,
      task_id text not null,
      answer json not null,
      at timestamptz not null default now()
    )`.execute(db);
  await sql`create index if not exists answers_by_task on nexus.answers (task_id, seq)`.execute(db);
}

/** Every change of the record's shape, oldest first. A published one is never edited. */
export const MIGRATIONS: Readonly<Record<string, Migration>> = {
  "0001-record": {
    async up(db) {
      await createRecord(db);
      await createEffects(db);
      await createJournal(db);
    },
  },
  "0002-patience": { up: addPatience },
  "0003-purge": { up: addPurge },
  "0004-logs": { up: addLogs },
  "0005-resolutions": { up: addResolutions },
  "0006-ledger": { up: addLedger },
  "0007-replies": { up: addReplies },
  "0008-event-keys": { up: addEventKeys },
  "0009-questions": { up: addQuestions },
};
