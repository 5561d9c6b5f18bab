import type { Correction } from "../../core/correction.ts";
import type { CheckResult, Evidence } from "../../core/evidence.ts";
import type { Outcome } from "../../core/outcome.ts";
import type { TaskState } from "../task-state.ts";

/** Names of the checks that are red. */
export function redOf(evidence: Evidence): string[] {
  return evidence.checks.filter(({ passed }) => !passed).map(({ name }) => name);
}

/**
 * How much is red: checks, then failing tests where every red check counts them. Below zero: less than before. A check
 * that is not run any more, since its work item was left out, is not mended by that.
 */
export function compareRed(now: Evidence, before: Evidence): number {
  const run = new Set(now.checks.map(keyOf));
  const same = { ...before, checks: before.checks.filter((check) => run.has(keyOf(check))) };
  const checks = redOf(now).length - redOf(same).length;
  if (checks !== 0) return checks;
  const [failing, earlier] = [failingTests(now), failingTests(same)];
  return failing === undefined || earlier === undefined ? 0 : failing - earlier;
}

function keyOf({ name, command }: CheckResult): string {
  return JSON.stringify([name, command]);
}

function failingTests({ checks }: Evidence): number | undefined {
  const red = checks.filter(({ passed }) => !passed).map(({ tests }) => tests?.failed);
  return red.reduce<number | undefined>(
    (sum, failed) => (sum === undefined || failed === undefined ? undefined : sum + failed),
    0,
  );
}

/** The tries so far, the last one with what is red after it where the checks were run on it. */
export function triedSoFar(
  attempts: readonly Correction[] | undefined,
  evidence: Evidence | undefined,
): readonly Correction[] {
  return (attempts ?? []).map((attempt) => {
    const isJudged = attempt.redAfter === undefined && attempt.commit === evidence?.commit;
    return evidence && isJudged ? { ...attempt, redAfter: redOf(evidence) } : attempt;
  });
}

/** What a correction starts from: what the last try came to, or what was before it where that is less red. */
export function startOf(state: TaskState, evidence: Evidence): TaskState & { evidence: Evidence } {
  const attempts = triedSoFar(state.attempts, evidence);
  const last = attempts.at(-1);
  const before = state.beforeAttempt;
  const now = { ...state, evidence, attempts };
  if (!last || !before || last.commit !== evidence.commit) return now;
  const change = compareRed(evidence, before.evidence);
  // Nothing is left out for nothing.
  const isBetter = last.kind === "left-out" ? change < 0 : change <= 0;
  if (isBetter) return now;
  const judged = [...attempts.slice(0, -1), { ...last, ending: "thrown-away" as const }];
  // What is kept for people is the workspace of the last run.
  return { ...now, ...before, heldUntil: undefined, attempts: judged };
}

/** Whether the checks were run on this tree already and were red. */
export function isKnownRed(tree: string, state: TaskState): boolean {
  const trees = [state.evidence?.tree, state.beforeAttempt?.evidence.tree];
  const tried = (state.attempts ?? []).map((attempt) => attempt.tree);
  return [...trees, ...tried].includes(tree);
}

/** The outcome of what is not proposed with what was tried, and what was red after the last try where that is what it tells of. */
export function withTried(outcome: Outcome, { attempts }: Pick<TaskState, "attempts">): Outcome {
  if (!attempts?.length) return outcome;
  switch (outcome.kind) {
    case "checks-failed":
    case "budget-exhausted":
    case "held":
      return { ...outcome, tried: [...triedSoFar(attempts, outcome.evidence)] };
    default:
      return outcome;
  }
}
