import { writeFile } from "node:fs/promises";
import type { Pushed } from "../../src/conversation/pushed-text.ts";
import type { EffectResult, EffectWish } from "../../src/core/effect.ts";
import type { Outcome } from "../../src/core/outcome.ts";
import type { Question } from "../../src/core/question.ts";
import type { Task } from "../../src/core/task.ts";
import type { TaskState } from "../../src/pipeline/task-state.ts";
import { trackingOf } from "../../src/pipeline/tracking.ts";
import type { Desk } from "../../src/pipeline/workbench.ts";
import { git, setRef } from "./github/git.ts";

/** The outward writes of one task, all done at once, in the order in which they were wished. */
export interface RoadDesk extends Desk {
  readonly outward: readonly EffectWish[];
  /** The last word of the tracking comment. */
  end(state: Partial<TaskState>, told: { question: Question } | { outcome: Outcome }): void;
}

const URL = "https://github.invalid/road";

/** Pushes arrive in the bare repository `origin`; everything else reads back as it was wished. */
export function createRoadDesk(task: Task, origin: string): RoadDesk {
  const outward: EffectWish[] = [];
  let head = "";
  return {
    outward,
    async track(state, now) {
      const body = trackingOf(task, state, { now });
      outward.push({ kind: "comment", issue: task.issue, marker: "tracking", body });
    },
    end(state, told) {
      const at = "question" in told ? told : { outcome: told.outcome, pushed: pushedIn(outward) };
      const body = trackingOf(task, state, at);
      outward.push({ kind: "comment", issue: task.issue, marker: "tracking", body });
    },
    async carryOut(_, wish, { bundle }): Promise<EffectResult> {
      outward.push(wish);
      switch (wish.kind) {
        case "push":
          head = wish.head;
          await arrive(origin, wish, bundle);
          return { kind: "push", branch: wish.branch, head, tree: wish.tree };
        case "pull-request":
          return { kind: "pull-request", number: 1, url: URL, head };
        case "reaction":
          return { kind: "reaction", id: 1 };
        default:
          return { kind: wish.kind, id: 1, url: URL };
      }
    },
  };
}

/** What was pushed, and proposed; all of it arrived. */
function pushedIn(outward: readonly EffectWish[]): Pushed | undefined {
  const push = outward.findLast((wish) => wish.kind === "push");
  if (!push) return undefined;
  const { branch, head } = push;
  const isOpen = outward.some((wish) => wish.kind === "pull-request");
  return { branch, head, pullRequest: isOpen ? { number: 1, url: URL } : undefined };
}

async function arrive(
  origin: string,
  { branch, head }: Extract<EffectWish, { kind: "push" }>,
  bundle: Uint8Array | undefined,
): Promise<void> {
  const file = `${origin}.${head}.bundle`;
  await writeFile(file, bundle ?? new Uint8Array());
  await git(origin, ["bundle", "unbundle", file]);
  await setRef(origin, `refs/heads/${branch}`, head);
}
