import type { EffectResult, EffectWish } from "../core/effect.ts";
import { NexusError } from "../core/errors.ts";
import type { TakenEffect } from "../core/record.ts";
import type { Repo } from "../core/task.ts";
import type { Permissions, Tokens } from "./app-tokens.ts";
import { publishCheckRun } from "./check-run.ts";
import { publishComment } from "./comment.ts";
import { gitUrl } from "./git-url.ts";
import { asking } from "./github-error.ts";
import { createOctokit } from "./octokit.ts";
import type { Here, WishOf } from "./publishing.ts";
import { publishPullRequest } from "./pull-request.ts";
import { publishReaction } from "./reaction.ts";

/** A branch to be moved, as the git side needs to know it. */
interface PushWish {
  readonly repo: Repo;
  readonly taskId: string;
  readonly url: string;
  readonly token: string;
  readonly branch: string;
  readonly base: string;
  readonly head: string;
  readonly tree: string;
  readonly joins?: string | undefined;
  readonly bundle: Uint8Array;
  readonly signal: AbortSignal;
}

export interface PublisherOptions {
  readonly tokens: Tokens;
  readonly apiUrl: string;
  /** Where the tokens cannot say under which login they write. */
  readonly botLogin?: string;
  /** Moves the branch and says what the remote says then. */
  readonly push: (wish: PushWish) => Promise<{ readonly head: string; readonly tree: string }>;
}

/** Carries out outward writes. Each may be performed any number of times and happens once. */
export interface Publisher {
  /** What was read back. Throws NexusError; after a retryable one the write may or may not have happened. */
  perform(taken: TakenEffect, signal: AbortSignal): Promise<EffectResult>;
}

/** The least each kind of write needs. A comment on a pull request needs both of its two. */
const PERMISSIONS: Readonly<Record<EffectWish["kind"], Permissions>> = {
  reaction: { issues: "write", pull_requests: "write" },
  comment: { issues: "write", pull_requests: "write" },
  push: { contents: "write" },
  "pull-request": { contents: "read", pull_requests: "write" },
  "check-run": { checks: "write" },
};

/** Every write under a token of its own, for one repository and this one kind of write. */
export function createPublisher(options: PublisherOptions): Publisher {
  const { tokens, apiUrl, botLogin } = options;
  return {
    perform: (taken, signal) =>
      asking(async () => {
        const { effect } = taken;
        const { wish, repo } = effect;
        signal.throwIfAborted();
        const token = await tokens.write(effect, PERMISSIONS[wish.kind]);
        if (wish.kind === "push") return push(options, { taken, wish, token, signal });
        const here: Here = {
          octokit: createOctokit({ apiUrl, token, signal }),
          repo: { owner: repo.owner, repo: repo.name },
          me: botLogin ?? (await tokens.botLogin()),
        };
        return publish(here, wish);
      }, signal),
  };
}

async function publish(
  here: Here,
  wish: Exclude<EffectWish, { kind: "push" }>,
): Promise<EffectResult> {
  switch (wish.kind) {
    case "reaction":
      return publishReaction(here, wish);
    case "comment":
      return publishComment(here, wish);
    case "pull-request":
      return publishPullRequest(here, wish);
    case "check-run":
      return publishCheckRun(here, wish);
    default:
      return wish satisfies never;
  }
}

async function push(
  options: PublisherOptions,
  how: { taken: TakenEffect; wish: WishOf<"push">; token: string; signal: AbortSignal },
): Promise<EffectResult> {
  const { taken, wish, token, signal } = how;
  const { branch, base, head, tree, joins } = wish;
  const { repo, taskId } = taken.effect;
  if (!taken.bundle)
    throw new NexusError("store.corrupt", "The record holds no bundle for a push.");
  const what = { repo, taskId, url: gitUrl(options.apiUrl, repo), branch, base, head, tree, joins };
  const pushed = await options.push({ ...what, token, bundle: taken.bundle, signal });
  return { kind: "push", branch, ...pushed };
}
