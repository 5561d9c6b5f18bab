import type { Evidence } from "../core/evidence.ts";
import type { WorkItem } from "../core/plan.ts";
import { reachOf } from "./reach.ts";
import { headOf, type SentBack, type TaskState } from "./task-state.ts";

/** What is to be given back of a green run; undefined where it is good, or nothing can be mended in it. */
export function toSendBack(evidence: Evidence, { workPlan }: TaskState): SentBack | undefined {
  const { commit, weakened = [], weakenedAskedBy, proofs = [] } = evidence;
  const unasked = weakenedAskedBy === undefined ? weakened : [];
  const testers = new Set(
    (workPlan?.items ?? []).filter(({ department }) => department === "qa").map(({ id }) => id),
  );
  const unproven = proofs.filter(
    ({ kind, item }) => kind === "green-green" && item !== undefined && testers.has(item),
  );
  if (unasked.length === 0 && unproven.length === 0) return undefined;
  return { commit, weakened: unasked, unproven };
}

/** What a worker is to mend in the head, which is green; undefined where there is nothing of the kind. */
export function sentBackNow(state: TaskState): SentBack | undefined {
  const { sentBack, evidence } = state;
  const isThis = sentBack?.commit === headOf(state) && evidence?.commit === sentBack.commit;
  return isThis && evidence?.passed ? sentBack : undefined;
}

const PUT_BACK =
  "All checks pass, but the change makes tests, or what runs them, prove less than before. Put back what was taken away, at each place that is listed, and make the checks pass by mending the code instead.";
const PROVE =
  "The tests that are listed pass without the change, too, so they prove nothing of it. Make them fail on the code as it was before the request.";

/** The work item of who is to mend it; it may touch what the plan may touch, no more. */
export function mendingItem(
  number: number,
  { weakened, unproven }: SentBack,
  items: readonly WorkItem[],
): WorkItem {
  const restores = weakened.length > 0;
  return {
    id: `correction-${number}`,
    title: restores ? "Put back what tests proved" : "Prove the change by a test",
    department: restores ? "backend" : "qa",
    goal: [...(restores ? [PUT_BACK] : []), ...(unproven.length > 0 ? [PROVE] : [])].join(" "),
    ...reachOf(items),
    dependsOn: [],
  };
}

const LISTED = 50;

/** Each place, and each command that proves nothing. Hostile text. */
export function mendingNotes({ weakened, unproven }: SentBack): string {
  const places = weakened.slice(0, LISTED).map(({ path, line, side, kind, text }) => {
    const where = side === "base" ? `line ${line} before the change` : `line ${line}`;
    return `${path}, ${where}: ${kind}: ${text}`;
  });
  const commands = unproven.map(
    ({ name, command }) => `${name}: ${command}\npasses before the change and after it.`,
  );
  return [...places, ...commands].join("\n");
}
