import type { Redact } from "../../core/redact.ts";
import type { Task } from "../../core/task.ts";
import type { Replayed } from "../../pipeline/replay.ts";
import { type AgentRun, isGiven, type Row, runsOf } from "../../pipeline/trajectory.ts";
import { findTask } from "../find-task.ts";
import { type ReadRecord, savedRows } from "../show/task-lines.ts";
import { oneLine } from "../show/words.ts";

/** Does one run of an agent over again. */
export type ReplayRun = (task: Task, run: AgentRun) => Promise<Replayed>;

interface Replays {
  readonly record: ReadRecord;
  readonly replayRun: ReplayRun;
  readonly redact: Redact;
  readonly out: (text: string) => void;
  readonly err: (text: string) => void;
}

/** `nexus replay TASK`: one line for each run of its agents. The exit code is 0 where all are the same. */
export async function replayTask(taskId: string, replays: Replays): Promise<number> {
  const { record, replayRun, redact, out, err } = replays;
  const found = await findTask(record.tasks, taskId);
  const problem = "why" in found ? found.why : notOver(found.state);
  if ("why" in found || problem !== undefined) {
    err(`nexus: ${problem}\n`);
    return 1;
  }
  const saved: { agent: string; row: Row }[] = [];
  for await (const row of savedRows(record, found.task.id)) saved.push({ agent: row.agent, row });
  const runs = runsOf(saved);
  const ofAgents = runs.filter(({ rows }) => rows.some((row) => isGiven(row) || isStep(row)));
  if (ofAgents.length === 0) {
    err("nexus: No step of a model is recorded of this task, or not any more.\n");
    return 1;
  }
  let isSame = true;
  for (const run of ofAgents) {
    const replayed = await replayRun(found.task, run);
    isSame &&= replayed.kind === "same";
    out(redact(`${oneLine(run.agent, 60)}  ${oneLine(replayedText(replayed), 1_000)}\n`));
  }
  return isSame ? 0 : 1;
}

function isStep({ kind }: Row): boolean {
  return kind === "step";
}

function notOver(state: string): string | undefined {
  return state === "done" ? undefined : `The task has not ended: it is ${state}.`;
}

function replayedText(replayed: Replayed): string {
  switch (replayed.kind) {
    case "same": {
      const { steps, tree, items, otherWords, isWhole } = replayed;
      const facts = [
        counted(steps, "step"),
        ...(tree === undefined ? [] : [`tree ${tree}`]),
        ...(items === undefined ? [] : [`a plan of ${counted(items, "work item")}`]),
        ...(isWhole ? [] : ["as far as it was recorded"]),
        ...(otherWords === 0 ? [] : [`${counted(otherWords, "result")} in other words`]),
      ];
      return `same: ${facts.join(", ")}`;
    }
    case "different":
      return `different: ${replayed.what}`;
    case "impossible":
      return `cannot be replayed: ${replayed.why}`;
    default:
      return replayed satisfies never;
  }
}

function counted(count: number, one: string): string {
  return `${count} ${one}${count === 1 ? "" : "s"}`;
}
