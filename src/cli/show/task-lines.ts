import type { Ledger } from "../../core/budget.ts";
import type { EventRecord, KeptEvent, TaskEvent } from "../../core/event.ts";
import type { Journal, TaskRecord, Tasks } from "../../core/record.ts";
import { readRow } from "../../pipeline/trajectory.ts";
import type { AgentLine, ShownLine } from "./shown-line.ts";

/** What is read of the record. */
export interface ReadRecord {
  readonly tasks: Pick<Tasks, "find" | "list" | "startingWith">;
  readonly journal: Pick<Journal, "steps">;
  readonly events: Pick<EventRecord, "after">;
  readonly ledger: Pick<Ledger, "costOf">;
}

/** A step may be some megabytes long. */
const STEPS_AT_ONCE = 20;
const EVENTS_AT_ONCE = 500;
/** What the steps themselves say better, and what comes after each of them. */
const LEFT_OUT: ReadonlySet<TaskEvent["kind"]> = new Set(["step", "spent", "ended"]);

/** All that is known of a task, line by line: what happened to it first, then what its agents did, as it was saved. */
export async function* taskLines(
  record: ReadRecord,
  { task, state, outcome }: TaskRecord,
): AsyncGenerator<ShownLine> {
  yield { kind: "task", task, state };
  yield* eventLines(record, task.id);
  yield* savedRows(record, task.id);
  const cost = await record.ledger.costOf(task.id);
  yield { kind: "outcome", ...(outcome && { outcome }), cost };
}

async function* eventLines({ events }: ReadRecord, taskId: string): AsyncGenerator<ShownLine> {
  let seq = 0;
  for (;;) {
    const page = await events.after(taskId, seq, EVENTS_AT_ONCE);
    yield* page.flatMap(eventLine);
    const last = page.at(-1);
    if (!last || page.length < EVENTS_AT_ONCE) return;
    seq = last.seq;
  }
}

function eventLine({ at, event }: KeptEvent): readonly ShownLine[] {
  if (event.kind === "unreadable" || LEFT_OUT.has(event.kind)) return [];
  return event.kind === "stage" ? [{ at, ...event }] : [{ kind: "event", at, event }];
}

/** The trajectories of a task's agents, row by row as they were saved. */
export async function* savedRows(
  { journal }: Pick<ReadRecord, "journal">,
  taskId: string,
): AsyncGenerator<AgentLine> {
  let after: string | undefined;
  for (;;) {
    const page = await journal.steps(taskId, { after, limit: STEPS_AT_ONCE });
    for (const { agent, at, step } of page) yield { agent, at, ...readRow(step) };
    if (page.length < STEPS_AT_ONCE) return;
    after = page.at(-1)?.seq;
  }
}
