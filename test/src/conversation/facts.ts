import type { CheckResult, Evidence } from "../../../src/core/evidence.ts";
import type { Task } from "../../../src/core/task.ts";

export const BASE = "b".repeat(40);
export const HEAD = "1234567890abcdef1234567890abcdef12345678";
const TREE = "c".repeat(40);

/** A task whose every field is written out, with some of them changed. */
export function task(changes: Partial<Task> = {}): Task {
  return {
    id: "72d3162e-cc78-11e3",
    repo: { owner: "acme", name: "engine" },
    installationId: 99,
    issue: 12,
    isPullRequest: false,
    commentId: 345,
    requestedBy: "ada",
    request: "add a parser for dates",
    ...changes,
  };
}

export function check(changes: Partial<CheckResult> = {}): CheckResult {
  return {
    name: "test",
    command: "npm test",
    passed: true,
    exitCode: 0,
    ending: "exited",
    durationMs: 1_240,
    output: "ok\n",
    truncated: false,
    ...changes,
  };
}

export const RED = check({ passed: false, exitCode: 1, output: "1 failing\n" });

export function evidence(
  checks: readonly CheckResult[],
  changes: Partial<Evidence> = {},
): Evidence {
  return {
    base: BASE,
    commit: HEAD,
    tree: TREE,
    image: "sha256:feed",
    checks: [...checks],
    passed: checks.every(({ passed }) => passed),
    ...changes,
  };
}
