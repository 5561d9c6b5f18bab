import { z } from "zod";
import { Repo } from "./task.ts";

/** What an outward write should look like when it is done. */
export const EffectWish = z.discriminatedUnion("kind", [
  /** The reaction on the requesting comment. */
  z.object({
    kind: z.literal("reaction"),
    commentId: z.number().int(),
    content: z.enum(["eyes", "+1", "confused"]),
  }),
  /** One comment on the issue, found again by its hidden marker and edited in place. */
  z.object({
    kind: z.literal("comment"),
    issue: z.number().int(),
    marker: z.string(),
    body: z.string(),
  }),
  /** A branch that must point at `head`; the objects travel as a git bundle in the store. */
  z.object({
    kind: z.literal("push"),
    branch: z.string(),
    base: z.string(),
    head: z.string(),
    tree: z.string(),
    /**
     * Only where somebody's own branch is to be moved forward: `head` is a merge of exactly `base`, where the branch
     * must still be, with this commit.
     */
    joins: z.string().optional(),
  }),
  /** One open pull request for `branch`: found, or made; with a number, only that one is brought up to date. */
  z.object({
    kind: z.literal("pull-request"),
    number: z.number().int().optional(),
    branch: z.string(),
    base: z.string(),
    title: z.string(),
    body: z.string(),
    draft: z.boolean(),
  }),
  /** One completed check run on `head`. */
  z.object({
    kind: z.literal("check-run"),
    head: z.string(),
    name: z.string(),
    conclusion: z.enum(["success", "failure", "neutral"]),
    title: z.string(),
    summary: z.string(),
    externalId: z.string(),
  }),
]);
export type EffectWish = z.infer<typeof EffectWish>;

/** What was read back after an outward write. */
export const EffectResult = z.discriminatedUnion("kind", [
  z.object({ kind: z.literal("reaction"), id: z.number().int() }),
  z.object({
    kind: z.literal("comment"),
    id: z.number().int(),
    url: z.string(),
    /** Since when it reads like this, by the platform's clock. */
    shownAt: z.iso.datetime().optional().catch(undefined),
  }),
  z.object({ kind: z.literal("push"), branch: z.string(), head: z.string(), tree: z.string() }),
  z.object({
    kind: z.literal("pull-request"),
    number: z.number().int(),
    url: z.string(),
    head: z.string(),
  }),
  z.object({ kind: z.literal("check-run"), id: z.number().int(), url: z.string() }),
]);
export type EffectResult = z.infer<typeof EffectResult>;

/** One outward write with an id that makes it happen once. A newer wish under the same id replaces an older one. */
export const Effect = z.object({
  id: z.string(),
  taskId: z.string(),
  repo: Repo,
  installationId: z.number().int().positive(),
  wish: EffectWish,
});
export type Effect = z.infer<typeof Effect>;

/** The id of a task's effect: derived, so wanting it twice is wanting it once. */
export function effectId(taskId: string, name: string): string {
  return `${taskId}/${name}`;
}
