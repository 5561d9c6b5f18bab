import { type Effect, type EffectWish, effectId } from "../core/effect.ts";
import type { Task } from "../core/task.ts";

type Asking = Pick<Task, "id" | "repo" | "installationId" | "issue">;

/** The task's one comment. */
export function trackingEffect(task: Asking & Pick<Task, "keepsMergeable">, body: string): Effect {
  // What is kept mergeable has one comment, however often its base moves.
  const marker = task.keepsMergeable ? `kept:${task.issue}` : `task:${task.id}`;
  return effect(task, "tracking", { kind: "comment", issue: task.issue, marker, body });
}

/** A comment that answers one delivery, where it does not become a task. */
export function replyEffect(asking: Asking, body: string): Effect {
  const marker = `reply:${asking.id}`;
  return effect(asking, "reply", { kind: "comment", issue: asking.issue, marker, body });
}

/** An effect of this task. */
export function effect(task: Asking, name: string, wish: EffectWish): Effect {
  const { repo, installationId } = task;
  return { id: effectId(task.id, name), taskId: task.id, repo, installationId, wish };
}
