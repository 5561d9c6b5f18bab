import type { Redact } from "../../core/redact.ts";
import { findTask } from "../find-task.ts";
import { jsonLine } from "../json-line.ts";
import { type Listed, listText } from "./list-text.ts";
import type { ShownLine } from "./shown-line.ts";
import { type ReadRecord, taskLines } from "./task-lines.ts";
import { taskText } from "./task-text.ts";
import { paintFor } from "./words.ts";

/** What somebody wants to see: the newest tasks, or one task. */
export interface ShowWish {
  readonly taskId: string | undefined;
  readonly json: boolean;
}

interface Showing {
  readonly record: ReadRecord;
  /** For people; what only looks like a secret goes, too. */
  readonly redact: Redact;
  /** For programs: what is known to be a secret goes, and nothing else is changed. */
  readonly redactKnown: Redact;
  readonly isTerminal: boolean;
  readonly out: (text: string) => void;
  readonly err: (text: string) => void;
}

const NEWEST = 30;

/** `nexus show`: the record of tasks, as text or as JSON Lines. The exit code: 0, or 1 where no such task is. */
export async function show({ taskId, json }: ShowWish, showing: Showing): Promise<number> {
  const { record, redact, redactKnown, isTerminal, out, err } = showing;
  const paint = paintFor(isTerminal);
  if (taskId === undefined) {
    const tasks = await newest(record);
    out(json ? redactKnown(tasks.map(listLine).join("")) : redact(listText(tasks, paint)));
    return 0;
  }
  const found = await findTask(record.tasks, taskId);
  if ("why" in found) {
    err(`nexus: ${found.why}\n`);
    return 1;
  }
  const lines = taskLines(record, found);
  if (json) for await (const line of lines) out(redactKnown(jsonLine(line)));
  else out(redact(await taskText(lines, paint)));
  return 0;
}

async function newest({ tasks, ledger }: ReadRecord): Promise<readonly Listed[]> {
  const found = await tasks.list(NEWEST);
  return await Promise.all(
    found.map(async (one) => ({ ...one, cost: await ledger.costOf(one.task.id) })),
  );
}

function listLine({ task, state, outcome, cost }: Listed): string {
  const line: ShownLine = {
    kind: "task",
    task,
    state,
    ...(outcome && { ended: outcome.kind }),
    cost,
  };
  return jsonLine(line);
}
