import { type Selectable, sql } from "kysely";
import type { Approval } from "../core/approval.ts";
import type { Effect } from "../core/effect.ts";
import type { Outcome } from "../core/outcome.ts";
import { Answer, type Asked, type Given, Question, type Questions } from "../core/question.ts";
import type { Lease } from "../core/record.ts";
import { Task } from "../core/task.ts";
import { wantEffect } from "./effects.ts";
import { appendEvent } from "./events.ts";
import { settle } from "./inbox.ts";
import { canonicalJson, parseStored } from "./json.ts";
import { leaseLost } from "./leases.ts";
import { placeOf } from "./place.ts";
import { type Database, milliseconds, type TasksTable, type Tx } from "./tables.ts";
import { interruptedMs, taskRecord } from "./tasks.ts";
import type { Channel } from "./wake-ups.ts";

type Wake = (channel: Channel) => void;

/** Tasks that wait for a person, in Postgres. A question is known by the epoch in which it was asked. */
export function createQuestions(db: Database, wake: Wake): Questions {
  return { ...looking(db), ...deciding(db, wake) };
}

const AT_ONCE = 50;

function looking(db: Database): Pick<Questions, "of" | "newest" | "overdue"> {
  const tasks = () => db.selectFrom("tasks").selectAll().select(interruptedMs);
  return {
    async of(taskId) {
      const row = await tasks().where("id", "=", taskId).executeTakeFirst();
      return row && askedOf(db, row);
    },

    async newest(approval) {
      const row = await tasks()
        .select(isSeen(approval))
        .where("place", "=", placeOf(approval))
        .orderBy("seq", "desc")
        .limit(1)
        .executeTakeFirst();
      if (!row) return undefined;
      return { record: taskRecord(row), asked: await askedOf(db, row), isSeen: row.is_seen };
    },

    async overdue(waitMs) {
      const newer = sql<unknown>`(
        select later.task from nexus.tasks as later
        where later.place = tasks.place and later.seq > tasks.seq order by later.seq limit 1
      )`;
      const rows = await tasks()
        .select(newer.as("newer"))
        .where("state", "=", "asked")
        .where(sql<boolean>`(asked_at < now() - ${milliseconds(waitMs)} or ${newer} is not null)`)
        .orderBy("seq")
        .limit(AT_ONCE)
        .execute();
      const all = rows.map(async ({ newer: task, ...row }) => {
        const asked = await askedOf(db, row);
        const replacedBy = task === null ? undefined : parseStored(Task, task, "a newer task");
        return asked && { record: taskRecord(row), ...asked, replacedBy: replacedBy?.requestedBy };
      });
      return (await Promise.all(all)).filter((one) => one !== undefined);
    },
  };
}

/** A word that came by no webhook came now. */
function isSeen({ id }: Approval) {
  return sql<boolean>`coalesce(
    asked_at <= coalesce((select received_at from nexus.inbox where inbox.id = ${id}), now()), false
  )`.as("is_seen");
}

function deciding(db: Database, wake: Wake): Pick<Questions, "ask" | "answer" | "withdraw"> {
  return {
    async ask(lease, question, effects) {
      await db.transaction().execute(async (tx) => {
        if (await putAside(tx, lease, question)) await wantAll(tx, lease, effects);
      });
      wake("task");
      wake("effect");
    },

    async answer(asked, given, effects) {
      const isKept = await db.transaction().execute(async (tx) => {
        if (!(await isStillAsked(tx, asked))) return false;
        if (await keepAnswer(tx, asked, given)) await wantAll(tx, asked, effects);
        return true;
      });
      wake("task");
      wake("effect");
      return isKept;
    },

    async withdraw(asked, outcome, effects) {
      const isEnded = await db.transaction().execute(async (tx) => {
        if (!(await isStillAsked(tx, asked))) return false;
        await endAsked(tx, asked, outcome);
        await wantAll(tx, asked, effects);
        return true;
      });
      wake("effect");
      return isEnded;
    },
  };
}

/** False when this very question is asked already: an answer that got lost makes callers ask twice. */
async function putAside(tx: Tx, lease: Lease, question: Question): Promise<boolean> {
  const json = canonicalJson(question);
  const { numUpdatedRows } = await tx
    .updateTable("tasks")
    .set({
      state: "asked",
      question: json,
      asked_at: sql`now()`,
      worker: null,
      lease_until: null,
      changed_at: sql`now()`,
    })
    .where("id", "=", lease.taskId)
    .where("epoch", "=", lease.epoch)
    .where("state", "=", "running")
    .executeTakeFirst();
  if (numUpdatedRows === 1n) return true;
  const same = await tx
    .selectFrom("tasks")
    .select("id")
    .where("id", "=", lease.taskId)
    .where("epoch", "=", lease.epoch)
    .where(sql`question::text`, "=", json)
    .executeTakeFirst();
  if (!same) throw leaseLost(lease);
  return false;
}

/** Holds the task still until the transaction ends. */
async function isStillAsked(tx: Tx, { taskId, epoch }: Lease): Promise<boolean> {
  const row = await tx
    .selectFrom("tasks")
    .select("id")
    .where("id", "=", taskId)
    .where("epoch", "=", epoch)
    .where("state", "=", "asked")
    .forUpdate()
    .executeTakeFirst();
  return row !== undefined;
}

/** False for a delivery that was settled before. */
async function keepAnswer(tx: Tx, { taskId }: Lease, given: Given): Promise<boolean> {
  const { approval, answer } = given;
  const reason = `answers task ${taskId}`;
  if (!(await settle(tx, approval, { state: "accepted", reason }))) return false;
  await tx
    .insertInto("answers")
    .values({ id: approval.id, task_id: taskId, answer: canonicalJson(answer) })
    .execute();
  await tx
    .updateTable("tasks")
    // A road that begins anew because a person wants it to is no road that goes in circles.
    .set({ state: "waiting", reached: [], crashes: 0, ...CALM, changed_at: sql`now()` })
    .where("id", "=", taskId)
    .execute();
  const event = { kind: "answered", by: answer.by } as const;
  await appendEvent(tx, { taskId, event, key: `answered/${approval.id}` });
  return true;
}

const CALM = { interruptions: 0, interrupted_at: null, not_before: null };

async function endAsked(tx: Tx, { taskId }: Lease, outcome: Outcome): Promise<void> {
  await tx
    .updateTable("tasks")
    .set({ state: "done", outcome: canonicalJson(outcome), changed_at: sql`now()` })
    .where("id", "=", taskId)
    .execute();
  const event = { kind: "ended", outcome: outcome.kind } as const;
  await appendEvent(tx, { taskId, event, key: "ended" });
}

async function wantAll(tx: Tx, { taskId }: Lease, effects: readonly Effect[]): Promise<void> {
  for (const effect of effects) await wantEffect(tx, taskId, { effect, bundle: undefined });
}

async function askedOf(
  db: Database,
  { id, question }: Pick<Selectable<TasksTable>, "id" | "question">,
): Promise<Asked | undefined> {
  if (question === null) return undefined;
  const rows = await db
    .selectFrom("answers")
    .select("answer")
    .where("task_id", "=", id)
    .orderBy("seq")
    .execute();
  return {
    question: parseStored(Question, question, `question of task ${id}`),
    answers: rows.map(({ answer }) => parseStored(Answer, answer, `answer to task ${id}`)),
  };
}
