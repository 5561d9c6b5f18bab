import { z } from "zod";
import { ChangeSet } from "../core/change-set.ts";
import { CheckResult } from "../core/evidence.ts";
import { Plan, WorkItem } from "../core/plan.ts";
import { Note } from "../swarm/board.ts";
import { Step } from "../swarm/step.ts";

const Environment = z.object({
  commit: z.string().optional(),
  image: z.string().optional(),
  setup: z.array(z.string()).optional(),
  network: z.array(z.string()).optional(),
});

const Told = z.object({
  item: WorkItem,
  request: z.string(),
  planSummary: z.string(),
  notes: z.string(),
  correction: z
    .object({
      kind: z.enum(["continued", "fresh"]),
      failures: z.string(),
      diff: z.string(),
      trajectory: z.string(),
      tried: z.string(),
    })
    .optional(),
  team: z.array(z.object({ id: z.string(), title: z.string() })).default([]),
  remembered: z.array(Note).default([]),
});

/** What a worker was given to begin with: all that its loop hangs on beside the model's replies. */
export const Assigned = z.object({
  kind: z.literal("assigned"),
  /** The commit it starts from. */
  commit: z.string(),
  /** Hostile text. */
  assignment: Told,
  deny: z.array(z.string()).default([]),
  environment: Environment.optional(),
  /** The bounds of its loop, by name. */
  limits: z.record(z.string(), z.number()).optional(),
});
export type Assigned = z.infer<typeof Assigned>;

/** What the architect was told of a task, beside what two commits hold. All of it is hostile text. */
const Consulted = z.object({
  request: z.string(),
  issue: z.object({ title: z.string(), body: z.string() }),
  checks: z.array(CheckResult),
  found: z.array(
    z.object({
      path: z.string(),
      reasons: z.array(z.string()),
      lines: z.array(z.object({ line: z.number(), text: z.string() })),
    }),
  ),
  deny: z.array(z.string()).optional(),
  revision: z.object({ plan: Plan, reply: z.string() }).optional(),
});

/** What the architect was given to begin with: all that its plan hangs on beside the model's replies. */
export const Briefed = z.object({
  kind: z.literal("briefed"),
  /** The commit that the plan is about: its paths and the files that explain it are read there. */
  commit: z.string(),
  /** The commit of the default branch whose rules are shown. */
  rules: z.object({ commit: z.string() }),
  told: Consulted,
  /** The bounds of its look-ups, by name. */
  limits: z.record(z.string(), z.number()).optional(),
});
export type Briefed = z.infer<typeof Briefed>;

/** How an agent's run ended, where it came to an end. */
export const Ended = z.object({
  kind: z.literal("ended"),
  ending: z.discriminatedUnion("kind", [
    z.object({ kind: z.literal("finished"), changeSet: ChangeSet }),
    z.object({ kind: z.literal("planned"), plan: Plan }),
    z.object({ kind: z.literal("gave-up"), code: z.string(), reason: z.string() }),
  ]),
});
export type Ended = z.infer<typeof Ended>;

const LeftBehind = z.object({ kind: z.literal("left-behind"), paths: z.array(z.string()) });
const Stepped = z.object({ kind: z.literal("step"), ...Step.shape });
/** What this version does not know. */
const Other = z.object({ kind: z.literal("other"), name: z.string() });
const Named = z.looseObject({ kind: z.string().min(1).max(100) });

/** One row of an agent's trajectory. */
export const Row = z.discriminatedUnion("kind", [
  Assigned,
  Briefed,
  Stepped,
  LeftBehind,
  Ended,
  Other,
]);
export type Row = z.infer<typeof Row>;

/** Reads a row as it was saved. What is not understood is named and otherwise left alone. */
export function readRow(saved: unknown): Row {
  // A step is saved without its kind.
  const { data: row } = Row.safeParse(isPlain(saved) ? { kind: "step", ...saved } : saved);
  return row ?? { kind: "other", name: Named.safeParse(saved).data?.kind ?? "unreadable" };
}

function isPlain(value: unknown): value is object {
  return typeof value === "object" && value !== null;
}

/** One run of an agent: a task that is tried again begins with a new one. */
export interface AgentRun {
  readonly agent: string;
  readonly rows: readonly Row[];
}

/** The runs of all agents in the order in which they began. */
export function runsOf(
  saved: readonly { readonly agent: string; readonly row: Row }[],
): AgentRun[] {
  const runs: { agent: string; rows: Row[] }[] = [];
  const open = new Map<string, Row[]>();
  for (const { agent, row } of saved) {
    let rows = open.get(agent);
    if (!rows || isGiven(row) || (row.kind === "step" && begins(row, rows))) {
      rows = [];
      open.set(agent, rows);
      runs.push({ agent, rows });
    }
    rows.push(row);
  }
  return runs;
}

/** Whether a row says what an agent was given to begin with. */
export function isGiven(row: Row): row is Assigned | Briefed {
  return row.kind === "assigned" || row.kind === "briefed";
}

/** An agent of which nobody recorded what it was given begins again with its first step. */
function begins({ number }: Step, before: readonly Row[]): boolean {
  return number === 1 && before.some(({ kind }) => kind === "step");
}
