import { helpText } from "../conversation/help.ts";
import { intentOf } from "../conversation/intent.ts";
import { misreadText } from "../conversation/misread.ts";
import { refusalText } from "../conversation/refusal.ts";
import { acceptedComment } from "../conversation/tracking-comment.ts";
import type { BaseMoved } from "../core/base-moved.ts";
import type { Ledger } from "../core/budget.ts";
import type { Delivery } from "../core/delivery.ts";
import { NexusError } from "../core/errors.ts";
import type { OpenPlatform } from "../core/platform.ts";
import type { Questions } from "../core/question.ts";
import type { Effects, Inbox } from "../core/record.ts";
import type { Task } from "../core/task.ts";
import { hear } from "./hear.ts";
import { type Kept, keepMergeable } from "./keep-mergeable.ts";
import { effect, replyEffect, trackingEffect } from "./task-effects.ts";

interface Intake {
  readonly inbox: Inbox;
  readonly questions: Questions;
  readonly effects: Pick<Effects, "status">;
  readonly ledger: Pick<Ledger, "costOf">;
  readonly open: OpenPlatform;
  /** Told of a delivery that cannot be decided yet. */
  readonly onTrouble: (delivery: Delivery, error: unknown) => void;
  /** Told what became of a branch that moved. */
  readonly onMoved?: (moved: BaseMoved, kept: Kept) => void;
}

const SHORTEST_WAIT_MS = 1_000;
const LONGEST_WAIT_MS = 3_600_000;

/** Turns kept deliveries into tasks: asks who may ask, answers everybody once, loses nobody. */
export async function takeIn(intake: Intake): Promise<void> {
  const { inbox, onTrouble } = intake;
  for (const delivery of await inbox.pending(50)) {
    try {
      await settle(delivery, intake);
    } catch (error) {
      onTrouble(delivery, error);
      // What GitHub refuses for good, such as an App that was uninstalled, must not stand in others' way.
      if (isFinal(error)) await inbox.refuse(delivery, error.code, []);
      else await inbox.postpone(delivery, askedMs(error));
    }
  }
}

async function settle(delivery: Delivery, intake: Intake): Promise<void> {
  if (!("kind" in delivery)) return decide(delivery, intake.inbox, intake.open);
  if (delivery.kind === "approval") return hear(delivery, intake);
  intake.onMoved?.(delivery, await keepMergeable(delivery, intake));
}

/** Anything else may be over at the next try: the delivery stays in the inbox. */
function isFinal(error: unknown): error is NexusError {
  return error instanceof NexusError && error.code === "github.refused" && !error.retryable;
}

function askedMs(error: unknown): number | undefined {
  const asked = error instanceof NexusError ? error.retryAfterMs : undefined;
  return asked === undefined
    ? undefined
    : Math.min(Math.max(asked, SHORTEST_WAIT_MS), LONGEST_WAIT_MS);
}

async function decide(task: Task, inbox: Inbox, open: OpenPlatform): Promise<void> {
  // Nobody is answered where nobody asked.
  if (task.keepsMergeable) return inbox.accept(task, []);
  const platform = await open(task);
  const permission = await platform.permission(task.requestedBy);
  if (permission !== "admin" && permission !== "write") {
    const body = refusalText(task.requestedBy);
    return inbox.refuse(task, `permission: ${permission}`, [replyEffect(task, body)]);
  }
  if (intentOf(task.request).kind === "help") {
    return inbox.refuse(task, "help", [replyEffect(task, helpText())]);
  }
  if (task.misread !== undefined) {
    const body = misreadText(task.requestedBy, task.misread);
    return inbox.refuse(task, "misread", [replyEffect(task, body)]);
  }
  const { commentId } = task;
  const seen = { kind: "reaction", commentId, content: "eyes" } as const;
  await inbox.accept(task, [
    ...(commentId === undefined ? [] : [effect(task, "reaction", { ...seen, commentId })]),
    trackingEffect(task, acceptedComment(task)),
  ]);
}
