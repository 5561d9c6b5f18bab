import { NexusError } from "../core/errors.ts";
import type { Mirror } from "../core/git.ts";
import type { Sandbox, SandboxSession } from "../core/sandbox.ts";
import type { Syntax } from "../core/syntax.ts";
import type { Task } from "../core/task.ts";
import type { Seat } from "../swarm/board.ts";
import type { Step } from "../swarm/step.ts";
import type { Worker } from "../swarm/worker.ts";
import { answerQuestion } from "./answer-question.ts";
import { permitted } from "./permitted.ts";
import { endedBy, finishedWith } from "./record-run.ts";
import type { Assigned, Row } from "./trajectory.ts";
import { workspaceOf } from "./workspace.ts";

/** Where a run is done over again. */
export interface ReplayPlace {
  readonly task: Task;
  readonly mirror: Mirror;
  readonly sandbox: Pick<Sandbox, "open">;
  syntax(): Promise<Syntax>;
}

interface Again extends ReplayPlace {
  readonly assigned: Assigned;
  readonly steps: readonly Step[];
  readonly worker: Worker;
  /** Takes the rows of the new run. */
  readonly rows: Row[];
  readonly signal: AbortSignal;
}

/** Lets a worker do again what it was given, on a mirror of its own. Its changes become a commit that nobody uses. */
export async function workAgain(again: Again): Promise<void> {
  const { assigned, mirror, task, sandbox, rows, signal } = again;
  const { commit, environment } = assigned;
  const workspace = workspaceOf(mirror, { task, environment }, commit);
  await using session = await sandbox.open(workspace, signal);
  const result = await letWork(again, session);
  if (result.kind === "gave-up") {
    const code = `worker.${result.code}`;
    rows.push(endedBy({ kind: "model-failed", code, reason: result.reason }));
    return;
  }
  try {
    await harvest(again, session);
  } catch (error) {
    // It is an answer; the record says no more of it either.
    if (!(error instanceof NexusError) || error.code !== "sandbox.refused-path") throw error;
  }
}

async function letWork(again: Again, session: SandboxSession) {
  const { assigned, task, steps, worker, rows, mirror, syntax, signal } = again;
  const record = task.dryRun ? () => undefined : undefined;
  return await worker.work(assigned.assignment, {
    session,
    signal,
    syntax,
    context: (question) =>
      answerQuestion({ mirror, commit: assigned.commit, syntax, signal }, question),
    seat: recordedSeat(steps),
    commands: { deny: assigned.deny, record },
    onStep: (step) => void rows.push({ kind: "step", ...step }),
  });
}

async function harvest(again: Again, session: SandboxSession): Promise<void> {
  const { assigned, mirror, rows, syntax } = again;
  const { commit, assignment } = assigned;
  const { item } = assignment;
  const changed = { edits: await session.changes(), item, commit, mirror, syntax };
  const { edits, leftBehind } = await permitted(changed);
  if (leftBehind.length > 0) rows.push({ kind: "left-behind", paths: leftBehind });
  const message = `Replay of ${item.id}\n`;
  rows.push(finishedWith(await mirror.commitEdits({ parent: commit, edits, message })));
}

/** The place at the board as it was: what was heard then is heard again, and what was refused is refused again. */
function recordedSeat(steps: readonly Step[]): Seat {
  const heard = steps.map((step) => step.heard ?? []);
  const answers = steps
    .flatMap(({ calls }) => calls)
    .filter(({ name, kind }) => TO_THE_BOARD.has(name) && (kind === "done" || kind === "failed"));
  const refusal = () => {
    const answer = answers.shift();
    return answer?.kind === "failed" ? { kind: "refused" as const, why: answer.result } : undefined;
  };
  return {
    heard: () => heard.shift() ?? [],
    post: async (to) => refusal() ?? { kind: "posted", to },
    note: async () => refusal() ?? { kind: "kept" },
  };
}

const TO_THE_BOARD: ReadonlySet<string> = new Set(["post_message", "remember"]);
