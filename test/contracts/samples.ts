import type { Effect } from "../../src/core/effect.ts";
import type { Evidence } from "../../src/core/evidence.ts";
import type { Outcome } from "../../src/core/outcome.ts";
import type { Question } from "../../src/core/question.ts";
import type { Task } from "../../src/core/task.ts";

/** A task with this id. */
export function sampleTask(id: string): Task {
  return {
    id,
    repo: { owner: "octo", name: "shop" },
    installationId: 7,
    issue: 12,
    isPullRequest: false,
    commentId: 900,
    requestedBy: "ana",
    request: "fix the total",
  };
}

/** A comment that the task wants, under this name. */
export function sampleComment(taskId: string, name: string, body = "working on it"): Effect {
  return {
    id: `${taskId}/${name}`,
    taskId,
    repo: { owner: "octo", name: "shop" },
    installationId: 7,
    wish: { kind: "comment", issue: 12, marker: name, body },
  };
}

/** A push that the task wants. */
export function samplePush(taskId: string): Effect {
  return {
    id: `${taskId}/push`,
    taskId,
    repo: { owner: "octo", name: "shop" },
    installationId: 7,
    wish: {
      kind: "push",
      branch: "nexus/1",
      base: "b".repeat(40),
      head: "a".repeat(40),
      tree: "c".repeat(40),
    },
  };
}

/** The reaction that the task wants. */
export function sampleReaction(taskId: string): Effect {
  return {
    id: `${taskId}/reaction`,
    taskId,
    repo: { owner: "octo", name: "shop" },
    installationId: 7,
    wish: { kind: "reaction", commentId: 900, content: "eyes" },
  };
}

/** A plan of two items, of which the second builds on the first. */
export const sampleQuestion: Question = {
  plan: {
    summary: "Say yes twice.",
    items: [
      {
        id: "a",
        title: "Say it in a",
        department: "backend",
        goal: "Write yes into a.txt.",
        paths: ["a.txt"],
        dependsOn: [],
      },
      {
        id: "b",
        title: "Say it in b",
        department: "qa",
        goal: "Write yes into b.txt.",
        paths: ["b.txt"],
        dependsOn: ["a"],
      },
    ],
    checks: [],
  },
  base: { branch: "main", commit: "b".repeat(40) },
  named: ["a.txt"],
  without: [],
  usage: { calls: 1, input: 10, cachedInput: 0, output: 5 },
};

export const sampleOutcome: Outcome = { kind: "refused", reason: "ana may not ask" };

export const sampleEvidence: Evidence = {
  base: "b".repeat(40),
  commit: "a".repeat(40),
  tree: "c".repeat(40),
  image: "sha256:1",
  passed: true,
  checks: [
    {
      name: "test",
      command: "npm test",
      passed: true,
      exitCode: 0,
      ending: "exited",
      durationMs: 12.5,
      output: "1 passed\n",
      truncated: false,
    },
  ],
};
