import type { Account } from "../../core/account.ts";
import type { Attempt, Model } from "../../core/model.ts";
import type { Pricing } from "../../core/price.ts";
import type { ReplyCache } from "../../core/reply-cache.ts";
import type { NamedModel } from "../../model-lists.ts";
import type { ModelRole, Models } from "../../model-settings.ts";
import type { Limiter } from "../limiter/limiter.ts";
import { meteredModel } from "../metered-model.ts";
import { openModel } from "../open-model.ts";
import { waitFor } from "../retry.ts";
import { createBreaker } from "./breaker.ts";
import { type Candidate, titleOf } from "./candidate.ts";
import { createReuse } from "./reuse.ts";
import { routedModel } from "./routed-model.ts";

/** The models of every role, open for all tasks. */
export interface RoleModels {
  /** The role's list as one model that this task pays for; undefined where the role has none. */
  modelFor(role: ModelRole, task: PayingTask, order?: Order): Model | undefined;
}

interface Order {
  /** Which one of the list is asked first, counted from 0; those before it come last. Past the end it goes round. */
  readonly startAt?: number;
}

interface PayingTask {
  readonly account: Pick<Account, "reserve" | "settle" | "release">;
  /** Of the task's repository and no other. */
  readonly replies?: ReplyCache;
}

interface Opening {
  readonly models: Models;
  readonly pricing: (named: NamedModel) => Pricing;
  readonly limiter: Limiter;
  /** A model failed, and another one is asked. */
  readonly onSwitch: (attempt: Attempt) => void;
  /** Replies of before could not be looked up or kept. */
  readonly onTrouble: (error: unknown) => void;
}

const MAX_WAIT_MS = 60_000;

/** Opens every model that any role names, once. Fails with `config.invalid` where one cannot be right. */
export function openRoleModels(opening: Opening): RoleModels {
  const { models, limiter, onSwitch, onTrouble } = opening;
  const known = new Map<string, Priced>();
  const open = (named: NamedModel): Priced => {
    const name = `${named.provider}:${named.model}`;
    const priced = known.get(name) ?? openPriced(named, opening);
    known.set(name, priced);
    return priced;
  };
  const lists = Object.entries(models.roles).map(([role, list]) => [role, list.map(open)] as const);
  const byRole = new Map<string, readonly Priced[]>(lists);
  const now = () => performance.now();
  // What one task finds out, the next one need not.
  const breaker = createBreaker({ now });
  const policy = {
    maxTries: models.maxTries,
    maxWaitMs: MAX_WAIT_MS,
    random: Math.random,
    wait: waitFor,
  };
  const shared = { limiter, breaker, policy, timeoutMs: models.timeoutMs, now, onSwitch };
  return {
    modelFor(role, { account, replies }, { startAt = 0 } = {}) {
      const list = rotated(byRole.get(role) ?? [], startAt);
      const [first, ...others] = list.map((one) => paidBy(account, one));
      const reuse = replies && createReuse(replies, onTrouble);
      return first && routedModel([first, ...others], { ...shared, reuse });
    },
  };
}

function rotated<T>(list: readonly T[], startAt: number): readonly T[] {
  const at = list.length === 0 ? 0 : startAt % list.length;
  return [...list.slice(at), ...list.slice(0, at)];
}

interface Priced {
  readonly candidate: Candidate;
  readonly pricing: Pricing;
  readonly maxOutputTokens: number;
}

function openPriced(named: NamedModel, { models, pricing }: Opening): Priced {
  const { provider, model: name } = named;
  const { access, limits, contextTokens, timeoutMs, maxOutputTokens } = models;
  // Tries are the list's: each waits for its turn, and each is paid for.
  const bounds = { timeoutMs, maxTries: 1, maxOutputTokens };
  const { baseUrl = "" } = access[provider];
  const model = openModel({ ...bounds, ...access[provider], ...named });
  const candidate: Candidate = {
    provider,
    name,
    model,
    limit: limits[provider],
    contextTokens: contextTokens.get(`${provider}:${name}`),
    fingerprint: `${baseUrl} ${maxOutputTokens}`,
  };
  const { claude } = access[provider];
  // It counts its dollars itself, and stops at the most that one try may cost.
  const told = claude && ({ kind: "told", atMost: Math.ceil(claude.maxDollars * 1e6) } as const);
  return { candidate, pricing: told ?? pricing(named), maxOutputTokens };
}

/** In the book the model stands with its provider: one name may have several prices. */
function paidBy(
  account: PayingTask["account"],
  { candidate, pricing, maxOutputTokens }: Priced,
): Candidate {
  const named = { ...candidate.model, name: titleOf(candidate) };
  return { ...candidate, model: meteredModel(named, { account, pricing, maxOutputTokens }) };
}
