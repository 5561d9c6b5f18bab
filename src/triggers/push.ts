import type { EmitterWebhookEvent } from "@octokit/webhooks";
import { z } from "zod";
import { BaseMoved } from "../core/base-moved.ts";

/** The fields of the event that we read. Anything else may be missing. */
const Push = z.object({
  installation: z.object({ id: z.number() }),
  repository: z.object({ name: z.string(), owner: z.object({ login: z.string() }) }),
  ref: z.string(),
  after: z.string(),
  created: z.boolean(),
  deleted: z.boolean(),
});

const BRANCH = "refs/heads/";

/** New commits on a branch that was there before, whoever pushed them. Tags, new and deleted branches are not for us. */
export function baseMovedBy(event: EmitterWebhookEvent<"push">): BaseMoved | undefined {
  const { data: payload } = Push.safeParse(event.payload);
  if (!payload || payload.created || payload.deleted) return undefined;
  const { ref, after, repository, installation } = payload;
  if (!ref.startsWith(BRANCH)) return undefined;
  return BaseMoved.safeParse({
    kind: "base-moved",
    id: event.id,
    repo: { owner: repository.owner.login, name: repository.name },
    installationId: installation.id,
    branch: ref.slice(BRANCH.length),
    head: after,
  }).data;
}
