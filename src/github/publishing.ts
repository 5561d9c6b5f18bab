import type { Octokit } from "@octokit/rest";
import type { EffectResult, EffectWish } from "../core/effect.ts";

/** Where an effect is carried out, and as whom. */
export interface Here {
  readonly octokit: Octokit;
  readonly repo: { readonly owner: string; readonly repo: string };
  /** The login under which our own writes appear. */
  readonly me: string;
}

/** The wish of one kind. */
export type WishOf<Kind extends EffectWish["kind"]> = Extract<EffectWish, { kind: Kind }>;

/** What was read back of one kind. */
export type ResultOf<Kind extends EffectResult["kind"]> = Extract<EffectResult, { kind: Kind }>;

/** Whether an author is us. A person cannot take a login with brackets. */
export function isMe({ me }: Here, author: { login?: string } | null | undefined): boolean {
  return author?.login?.toLowerCase() === me.toLowerCase();
}
