import type { EmitterWebhookEvent } from "@octokit/webhooks";
import { z } from "zod";
import { Approval } from "../core/approval.ts";
import { Task } from "../core/task.ts";
import { findCommand } from "./command.ts";
import { readRequest } from "./request.ts";

const Account = z.object({ login: z.string(), type: z.string() });

/** The fields of the event that we read. Anything else may be missing. */
const CommentCreated = z.object({
  installation: z.object({ id: z.number() }),
  repository: z.object({ name: z.string(), owner: z.object({ login: z.string() }) }),
  issue: z.object({ number: z.number(), pull_request: z.unknown().optional() }),
  comment: z.object({
    id: z.number(),
    body: z.string(),
    user: Account,
    created_at: z.iso.datetime().optional().catch(undefined),
  }),
  sender: Account,
});
type CommentCreated = z.infer<typeof CommentCreated>;

const OUR_MARKER = /^\s*<!--\s*nexus:/i;

/**
 * `/nexus …` at the start of a line of a new comment becomes a task, or a word on a plan that waits for one. Every
 * other comment is not for us.
 */
export function deliveryFromComment(
  event: EmitterWebhookEvent<"issue_comment.created">,
): Task | Approval | undefined {
  const { data: payload } = CommentCreated.safeParse(event.payload);
  if (!payload || !isFromPerson(payload)) return undefined;
  const command = findCommand(payload.comment.body);
  if (!command) return undefined;
  const { verb, options, words, slip } = readRequest(command);

  const { comment, issue, repository, installation } = payload;
  const common = {
    id: event.id,
    repo: { owner: repository.owner.login, name: repository.name },
    installationId: installation.id,
    issue: issue.number,
    isPullRequest: Boolean(issue.pull_request),
    commentId: comment.id,
    requestedBy: comment.user.login,
    ...(options.dryRun && { dryRun: true }),
    ...(options.hold && { hold: true }),
    ...(options.budget !== undefined && { budget: options.budget }),
    ...(options.misread !== undefined && { misread: options.misread }),
  };
  if (verb === "approve") {
    const madeAt = comment.created_at;
    return Approval.safeParse({ kind: "approval", ...common, madeAt, slip, words }).data;
  }
  const request = words || (verb === "plan" ? itself(common) : "help");
  return Task.safeParse({ ...common, request, ...(verb === "plan" && { planFirst: true }) }).data;
}

/** What there is to plan where nothing else is named. */
function itself({ isPullRequest }: { readonly isPullRequest: boolean }): string {
  return isPullRequest ? "this pull request" : "this issue";
}

/** Bots, our own comments, and comments that somebody else sends for their author start nothing. */
function isFromPerson({ comment, sender }: CommentCreated): boolean {
  return (
    comment.user.type === "User" &&
    sender.type === "User" &&
    comment.user.login === sender.login &&
    !OUR_MARKER.test(comment.body)
  );
}
