import type { WorkItem } from "../core/plan.ts";
import type { Assignment as Told } from "../swarm/assignment.ts";
import type { Board, Seat } from "../swarm/board.ts";
import type { Bench } from "../swarm/tool.ts";
import { answerQuestion } from "./answer-question.ts";
import { openBoardAfterwards } from "./task-board.ts";
import type { TaskState } from "./task-state.ts";
import type { TaskMirror, Workbench } from "./workbench.ts";

interface At {
  readonly bench: Pick<Workbench, "memory" | "syntax" | "tell">;
  readonly state: Pick<TaskState, "workPlan">;
  readonly item: WorkItem;
  readonly commit: string;
  readonly mirror: Pick<TaskMirror, "grep" | "listFiles" | "readFile">;
  /** Where those who work at the same time talk. */
  readonly board: Board | undefined;
}

/** What a worker may ask beyond its sandbox, and what it is told of the others. */
export interface Offered {
  readonly place: Pick<Bench, "syntax" | "context" | "seat">;
  readonly told: Pick<Told, "team" | "remembered">;
}

/** The repository as it was when the work began, and a place at the board of the task. */
export async function offeredTo(
  { bench, state, item, commit, mirror, board }: At,
  signal: AbortSignal,
): Promise<Offered> {
  const own = board ?? (await openBoardAfterwards(bench.memory, state));
  const { syntax } = bench;
  const others = (state.workPlan?.items ?? []).filter(({ id }) => id !== item.id);
  return {
    place: {
      syntax,
      context: (question) => answerQuestion({ mirror, commit, syntax, signal }, question),
      seat: tellingOf(own.seat(item.id), item.id, bench),
    },
    told: {
      team: board ? others.map(({ id, title }) => ({ id, title })) : [],
      remembered: own.notes(),
    },
  };
}

/** The same place, whose messages are told of, without what they say. */
function tellingOf(seat: Seat, from: string, { tell }: Pick<Workbench, "tell">): Seat {
  return {
    ...seat,
    async post(to, text) {
      const posted = await seat.post(to, text);
      if (posted.kind === "posted") tell({ kind: "posted", from, to: posted.to });
      return posted;
    },
  };
}
