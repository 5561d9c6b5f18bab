import type { Plan, WorkItem } from "../../core/plan.ts";
import type { CorrectionNotes } from "../../swarm/correction-notes.ts";
import { reachOf } from "../reach.ts";
import { baseOf, headOf, type TaskState } from "../task-state.ts";
import type { Workbench } from "../workbench.ts";
import type { Blamed } from "./blame-items.ts";
import { failuresText } from "./failures-text.ts";
import { independent } from "./independent.ts";
import type { RedCheck } from "./red-places.ts";
import { trajectoryKey } from "./trajectory-end.ts";
import { triedForWorker } from "./tried-for-worker.ts";

const LONGEST_DIFF = 24_000;

/** What one worker is to correct. */
export interface CorrectionJob {
  /** The plan's work item that is corrected; absent where none could be blamed. */
  readonly of: WorkItem | undefined;
  /** The same item as it is handed out: on its own paths, with an id of its own. */
  readonly item: WorkItem;
  readonly notes: CorrectionNotes;
}

export interface Trying {
  readonly bench: Workbench;
  readonly state: TaskState;
  readonly plan: Plan;
  readonly number: number;
  readonly kind: CorrectionNotes["kind"];
  readonly red: readonly RedCheck[];
  readonly blamed: readonly Blamed[];
}

/** One job for each item that is to blame and can be corrected at once; where none is, one for all that the plan may touch. */
export async function correctionJobs(trying: Trying): Promise<readonly CorrectionJob[]> {
  const { items } = trying.plan;
  const chosen = independent(trying.blamed, items).flatMap(({ item, places }) => {
    const of = items.find(({ id }) => id === item);
    return of ? [{ of, places }] : [];
  });
  if (chosen.length === 0) return [await jobForAll(trying)];
  return Promise.all(
    chosen.map(async ({ of, places }, at) => ({
      of,
      item: { ...of, id: idOf(trying, at), title: titled(of.title), dependsOn: [] },
      notes: await notesFor(trying, { of, places }),
    })),
  );
}

function idOf({ number }: Trying, at: number): string {
  return at === 0 ? `correction-${number}` : `correction-${number}-${at + 1}`;
}

function titled(what: string): string {
  return `Correct: ${what}`.slice(0, 120).toWellFormed();
}

/** A correction may touch what the plan may touch, no more. */
async function jobForAll(trying: Trying): Promise<CorrectionJob> {
  const names = trying.red.map(({ check }) => check.name).join(", ");
  const item: WorkItem = {
    id: idOf(trying, 0),
    title: titled(names),
    department: "backend",
    goal: `These checks fail on the joined work: ${names}. Change the code so that they pass.`.slice(
      0,
      4_000,
    ),
    ...reachOf(trying.plan.items),
    dependsOn: [],
  };
  const places = trying.red.flatMap((check) => check.places);
  return { of: undefined, item, notes: await notesFor(trying, { of: undefined, places }) };
}

async function notesFor(
  { bench, state, kind, red }: Trying,
  { of, places }: { readonly of: WorkItem | undefined; readonly places: Blamed["places"] },
): Promise<CorrectionNotes> {
  return {
    kind,
    failures: failuresText(red, {
      places,
      weakened: weakenedBy(state, of),
      baseline: state.baseline,
    }),
    diff: await diffOf(bench, state, of),
    trajectory: kind === "continued" && of ? await endOf(bench, of) : "",
    tried: triedForWorker(state.attempts ?? []),
  };
}

/** Where an item's files make tests prove less, unless somebody asked for just that. */
function weakenedBy({ evidence, commits }: TaskState, of: WorkItem | undefined) {
  const { weakened = [], weakenedAskedBy } = evidence ?? {};
  if (weakenedAskedBy !== undefined) return [];
  const mine = commits.filter(({ item }) => item === of?.id).flatMap((one) => one.changeSet.files);
  const paths = new Set(mine.map(({ path }) => path));
  return of ? weakened.filter(({ path }) => paths.has(path)) : weakened;
}

async function diffOf(
  bench: Workbench,
  state: TaskState,
  of: WorkItem | undefined,
): Promise<string> {
  const mirror = await bench.mirror();
  if (!of) return mirror.diff(baseOf(state).commit, headOf(state), LONGEST_DIFF);
  const mine = state.commits.filter(({ item }) => item === of.id);
  const diffs = mine.map(({ changeSet }) =>
    mirror.diff(changeSet.base, changeSet.commit, LONGEST_DIFF),
  );
  return (await Promise.all(diffs)).join("\n");
}

async function endOf({ memory }: Workbench, { id }: WorkItem): Promise<string> {
  const end = await memory.recall(trajectoryKey(id));
  return typeof end === "string" ? end : "";
}
