import { type BaseCheckpointSaver, END, START, StateGraph } from "@langchain/langgraph";
import { sentBackNow } from "./sent-back.ts";
import { headOf, isResolving, type StageUpdate, TaskState } from "./task-state.ts";

/** One step of the road. It gets what is known and returns what it found out. */
export type Stage = (state: TaskState, signal: AbortSignal) => Promise<StageUpdate>;

/** The road of a task. Each stage is one import away. */
export interface Stages {
  readonly admit: Stage;
  readonly prepare: Stage;
  readonly diagnose: Stage;
  readonly resolve: Stage;
  readonly repair: Stage;
  readonly plan: Stage;
  readonly work: Stage;
  readonly merge: Stage;
  readonly verify: Stage;
  readonly correct: Stage;
  readonly propose: Stage;
  readonly update: Stage;
}

export type StageName = keyof Stages;

/**
 * The whole product, top to bottom:
 *
 *   admit → prepare → diagnose → repair → plan → work → merge → verify → propose
 *                                   │ repaired by rule              ↑ │ red, or green with weaker tests
 *                                   └──────────────→────────────────┤ └→ correct
 *                                                                   └────┘
 *
 * and for a pull request that conflicts with its base:
 *
 *   admit → prepare → resolve → verify → update
 *                        ↑ a side went on  │
 *                        └─────────────────┘
 *
 * A plan that waits for a person ends the road there; with the answer it begins anew, up to that plan.
 *
 * A stage that finished is never done again: the checkpointer keeps what it found out. A stage that
 * sets an outcome ends the road.
 */
export function createTaskGraph(stages: Stages, checkpointer: BaseCheckpointSaver) {
  const node = (name: StageName) => (state: TaskState, config: { signal?: AbortSignal }) =>
    stages[name](state, config.signal ?? new AbortController().signal);
  const unlessEnded = (next: StageName) => (state: TaskState) => (state.outcome ? END : next);

  return new StateGraph(TaskState)
    .addNode("admit", node("admit"))
    .addNode("prepare", node("prepare"))
    .addNode("diagnose", node("diagnose"))
    .addNode("resolve", node("resolve"))
    .addNode("repair", node("repair"))
    .addNode("plan", node("plan"))
    .addNode("work", node("work"))
    .addNode("merge", node("merge"))
    .addNode("verify", node("verify"))
    .addNode("correct", node("correct"))
    .addNode("propose", node("propose"))
    .addNode("update", node("update"))
    .addEdge(START, "admit")
    .addConditionalEdges("admit", unlessEnded("prepare"))
    .addConditionalEdges("prepare", afterPrepare)
    .addConditionalEdges("resolve", unlessEnded("verify"))
    .addConditionalEdges("diagnose", unlessEnded("repair"))
    .addConditionalEdges("repair", afterRepair)
    .addConditionalEdges("plan", afterPlan)
    .addConditionalEdges("work", unlessEnded("merge"))
    .addConditionalEdges("merge", unlessEnded("verify"))
    .addConditionalEdges("verify", afterVerify)
    .addConditionalEdges("correct", afterCorrect)
    .addEdge("propose", END)
    .addConditionalEdges("update", afterUpdate)
    .compile({ checkpointer });
}

function afterPrepare(state: TaskState): StageName | typeof END {
  if (state.outcome) return END;
  return isResolving(state) ? "resolve" : "diagnose";
}

function afterRepair(state: TaskState): StageName | typeof END {
  if (state.outcome) return END;
  return state.commits.length > 0 ? "verify" : "plan";
}

/** A plan that waits for a word ends this road. The next begins with what was said, from what the base is then. */
function afterPlan(state: TaskState): StageName | typeof END {
  return state.outcome || state.question ? END : "work";
}

/** Red after the fixers alone is a case for the architect; red after workers is a case for a correction. */
function afterVerify(state: TaskState): StageName | typeof END {
  if (state.outcome) return END;
  // Red that was red before goes on, too: the stage itself looks at what it may push.
  if (isResolving(state)) return "update";
  if (sentBackNow(state)) return "correct";
  if (state.evidence?.passed) return "propose";
  return state.workPlan ? "correct" : "plan";
}

/** Where nothing was put on the branch its evidence still holds: what was sent back green is proposed as it is, what is red is tried in the next way. */
function afterCorrect(state: TaskState): StageName | typeof END {
  if (state.outcome) return END;
  if (sentBackNow(state)) return "propose";
  const { evidence } = state;
  return evidence?.commit === headOf(state) && !evidence.passed ? "correct" : "verify";
}

/** What came too late for its sides has no evidence any more, and is merged anew. */
function afterUpdate(state: TaskState): StageName | typeof END {
  return state.outcome || state.evidence ? END : "resolve";
}
