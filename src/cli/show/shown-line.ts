import { z } from "zod";
import { TaskEvent } from "../../core/event.ts";
import { Outcome } from "../../core/outcome.ts";
import { Task } from "../../core/task.ts";
import { Row } from "../../pipeline/trajectory.ts";

const At = z.object({ at: z.iso.datetime() });
const Cost = z.object({ spent: z.number().int(), isAtMost: z.boolean() });

const TaskLine = z.object({
  kind: z.literal("task"),
  task: Task,
  state: z.string(),
  /** In the list of tasks: how it ended, and what its models have cost. */
  ended: z.string().optional(),
  cost: Cost.optional(),
});
const StageLine = At.extend({
  kind: z.literal("stage"),
  stage: z.string(),
  phase: z.enum(["start", "end"]),
});
const EventLine = At.extend({ kind: z.literal("event"), event: TaskEvent });
const OutcomeLine = z.object({
  kind: z.literal("outcome"),
  /** Absent while the task has not ended. */
  outcome: Outcome.optional(),
  /** What its models have cost. */
  cost: Cost,
});
const OfAgent = At.extend({ agent: z.string() });

/** One line of `nexus show TASK --json`: the task, what happened to it, what its agents did, and how it ended. */
export const ShownLine = z.union([TaskLine, StageLine, EventLine, OfAgent.and(Row), OutcomeLine]);
export type ShownLine = z.infer<typeof ShownLine>;
export type AgentLine = z.infer<typeof OfAgent> & Row;
export type EventLine = z.infer<typeof EventLine | typeof StageLine>;
