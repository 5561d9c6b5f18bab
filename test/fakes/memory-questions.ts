import type { Answer, Asked, Questions } from "../../src/core/question.ts";
import type { Lease } from "../../src/core/record.ts";
import type { Task } from "../../src/core/task.ts";
import { canonicalJson } from "../../src/store/json.ts";
import { placeOf } from "../../src/store/place.ts";
import {
  appendEvent,
  assertOwn,
  heldOrThrow,
  recordOf,
  settle,
  stored,
  type Tables,
  type TaskRow,
  wantEffect,
} from "./memory-tables.ts";

/** Tasks that wait for a person, in the memory of this process. */
export function memoryQuestions(tables: Tables): Questions {
  const { tasks, now } = tables;
  const answers: { taskId: string; answer: Answer }[] = [];
  const askedOf = ({ task, question }: TaskRow): Asked | undefined =>
    question && {
      question,
      answers: answers.filter(({ taskId }) => taskId === task.id).map(({ answer }) => answer),
    };
  const at = (place: Pick<Task, "repo" | "issue">) =>
    [...tasks.values()].filter(
      ({ task }) => !task.keepsMergeable && placeOf(task) === placeOf(place),
    );
  const stillAsked = ({ taskId, epoch }: Lease): TaskRow | undefined => {
    const row = tasks.get(taskId);
    return row?.state === "asked" && row.epoch === epoch ? row : undefined;
  };
  return {
    async ask(lease, question, wishes) {
      assertOwn(lease.taskId, wishes);
      const row = tasks.get(lease.taskId);
      const same = canonicalJson(row?.question) === canonicalJson(question);
      if (row?.state !== "running" && row?.epoch === lease.epoch && same) return;
      const held = heldOrThrow(tasks, lease);
      Object.assign(held, { state: "asked", question: stored(question), askedAt: now() });
      for (const effect of wishes) wantEffect(tables, lease.taskId, { effect });
    },
    async of(taskId) {
      const row = tasks.get(taskId);
      return row && askedOf(row);
    },
    async newest(approval) {
      const row = at(approval).at(-1);
      if (!row) return undefined;
      const receivedAt = tables.deliveries.get(approval.id)?.receivedAt ?? now();
      const isSeen = row.question !== undefined && row.askedAt <= receivedAt;
      return { record: recordOf(row, now()), asked: askedOf(row), isSeen };
    },
    async answer(lease, { approval, answer }, wishes) {
      assertOwn(lease.taskId, wishes);
      const row = stillAsked(lease);
      if (!row) return false;
      if (!settle(tables, approval, "accepted")) return true;
      answers.push({ taskId: lease.taskId, answer: stored(answer) });
      row.reached.clear();
      const calm = { crashes: 0, interruptions: 0, interruptedAt: undefined, notBefore: 0 };
      Object.assign(row, { state: "waiting", ...calm });
      const event = { kind: "answered", by: answer.by } as const;
      appendEvent(tables, { taskId: lease.taskId, event, key: `answered/${approval.id}` });
      for (const effect of wishes) wantEffect(tables, lease.taskId, { effect });
      return true;
    },
    async overdue(waitMs) {
      return [...tasks.values()].flatMap((row) => {
        const all = at(row.task);
        const newer = all[all.indexOf(row) + 1];
        const asked = askedOf(row);
        const isOver = newer !== undefined || row.askedAt < now() - waitMs;
        if (row.state !== "asked" || !asked || !isOver) return [];
        return [{ record: recordOf(row, now()), ...asked, replacedBy: newer?.task.requestedBy }];
      });
    },
    async withdraw(lease, outcome, wishes) {
      assertOwn(lease.taskId, wishes);
      const row = stillAsked(lease);
      if (!row) return false;
      Object.assign(row, { state: "done", outcome: stored(outcome) });
      const event = { kind: "ended", outcome: outcome.kind } as const;
      appendEvent(tables, { taskId: lease.taskId, event, key: "ended" });
      for (const effect of wishes) wantEffect(tables, lease.taskId, { effect });
      return true;
    },
  };
}
