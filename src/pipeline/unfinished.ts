import type { Outcome, Unfinished } from "../core/outcome.ts";
import type { WorkItem } from "../core/plan.ts";
import type { Ran } from "../swarm/scheduler.ts";
import { WorkerEnded } from "./run-worker.ts";

/** Which work items came to nothing and why, in the plan's order. */
export function unfinishedOf(
  items: readonly WorkItem[],
  { failures, notStarted }: Pick<Ran<unknown>, "failures" | "notStarted">,
): readonly Unfinished[] {
  const titles = new Map(items.map(({ id, title }) => [id, title]));
  const failed = failures.map(({ id, error }) => ({ item: id, ...whyFailed(error) }));
  const left = notStarted.map(({ id, because }) => ({
    item: id,
    ...(because === undefined ? NOTHING_STARTED : buildsOn(titles.get(because) ?? because)),
  }));
  const all = new Map([...failed, ...left].map((one) => [one.item, one]));
  return items.flatMap(({ id, title }) => {
    const one = all.get(id);
    return one ? [{ title, ...one }] : [];
  });
}

/** The outcome with the work items that are not in it, where that kind of ending can tell. */
export function withUnfinished(outcome: Outcome, unfinished: readonly Unfinished[] = []): Outcome {
  if (unfinished.length === 0) return outcome;
  switch (outcome.kind) {
    case "proposed":
    case "held":
    case "checks-failed":
    case "conflicted":
    case "model-failed":
    case "budget-exhausted":
    case "dry-run":
      return { ...outcome, unfinished: [...unfinished] };
    default:
      return outcome;
  }
}

type Why = Pick<Unfinished, "code" | "reason">;

const NOTHING_STARTED: Why = {
  code: "worker.not-started",
  reason: "It was not started: what failed before would have failed it, too.",
};

function buildsOn(title: string): Why {
  return {
    code: "worker.builds-on-failed",
    reason: `It was not started: it builds on "${title}", which failed.`,
  };
}

/** Why a work item came to nothing. */
export function whyFailed(error: unknown): Why {
  const outcome = error instanceof WorkerEnded ? error.outcome : undefined;
  if (outcome?.kind === "model-failed") return { code: outcome.code, reason: outcome.reason };
  if (outcome?.kind === "budget-exhausted") {
    return { code: "model.budget-exhausted", reason: outcome.reason };
  }
  return { code: `worker.${outcome?.kind ?? "failed"}`, reason: "It came to nothing." };
}
