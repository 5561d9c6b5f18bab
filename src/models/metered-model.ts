import type { Account } from "../core/account.ts";
import {
  amountOf,
  type Billed,
  CAP_NAMES,
  type Exhaustion,
  type Reservation,
} from "../core/budget.ts";
import { dollars, spentDollars } from "../core/dollars.ts";
import { type ErrorCode, NexusError } from "../core/errors.ts";
import type { Model, ModelReply, ModelRequest } from "../core/model.ts";
import { billOf, type Pricing, worstCase } from "../core/price.ts";
import { aborted } from "./failure.ts";
import { waitFor } from "./retry.ts";

interface Meter {
  readonly account: Pick<Account, "reserve" | "settle" | "release">;
  readonly pricing: Pricing;
  /** The longest reply that the model is allowed. */
  readonly maxOutputTokens: number;
  /** Resolves after `ms`, or rejects when the signal fires. */
  readonly wait?: (ms: number, signal: AbortSignal) => Promise<void>;
}

const HINT =
  "Whoever runs Nexus sets what may be spent (BUDGET_TASK, BUDGET_REPOSITORY_DAY, BUDGET_DAY, BUDGET_TOTAL).";
const FIRST_WAIT_MS = 100;
const LONGEST_WAIT_MS = 2_000;

/** The vendor said no before it did anything: nothing is billed. */
const UNBILLED: ReadonlySet<ErrorCode> = new Set([
  "model.auth",
  "model.rate-limited",
  "model.overloaded",
  "model.context-too-long",
  "model.spend-limit",
  "model.missing",
  "model.bad-request",
]);

/**
 * A model whose every call is paid for from an account: the most it can cost is held before, what it cost is settled
 * after. The model must try once a call: what is tried again is paid for again. Throws `model.budget-exhausted`
 * and `model.price-unknown` before anything is sent.
 */
export function meteredModel(model: Model, meter: Meter): Model {
  const { account, pricing, maxOutputTokens } = meter;
  return {
    name: model.name,
    async reply(request, signal, onEvent = () => {}) {
      if (pricing.kind === "free") return await model.reply(request, signal, onEvent);
      if (pricing.kind === "unknown") throw priceUnknown(model.name);
      const atMost = mostOf(request, pricing, maxOutputTokens);
      const reservation = await reserve({ model, atMost, signal }, meter);
      if (signal.aborted) {
        await left(account.release(reservation));
        throw aborted();
      }
      let isHeard = false;
      const listen: typeof onEvent = (event) => {
        isHeard = true;
        onEvent(event);
      };
      try {
        const reply = await model.reply(request, signal, listen);
        const bill = billed(reply, pricing);
        await left(account.settle(reservation, bill));
        const { amount, isGuess } = amountOf(reservation, bill);
        return { ...reply, cost: { amount, isAtMost: isGuess } };
      } catch (error) {
        const isFree = !isHeard && isUnbilled(error);
        const charged = chargedFor(error);
        await left(isFree ? account.release(reservation) : account.settle(reservation, charged));
        throw error;
      }
    },
  };
}

interface Asked {
  readonly model: Model;
  readonly atMost: number;
  readonly signal: AbortSignal;
}

/** Waits while calls that are still open hold room that they will hardly need. */
async function reserve(
  { model, atMost, signal }: Asked,
  { account, wait = waitFor }: Meter,
): Promise<Reservation> {
  for (let tries = 0; ; tries += 1) {
    const answer = await account.reserve(model.name, atMost);
    if (answer.kind === "reserved") return answer.reservation;
    const { kind: _, ...exhaustion } = answer;
    const mayFit = exhaustion.settled + atMost <= exhaustion.limit;
    // Whoever was stopped while waiting did not run out of money.
    if (signal.aborted) throw aborted();
    if (!mayFit) throw exhausted(exhaustion, atMost);
    const waitMs = Math.min(FIRST_WAIT_MS * 2 ** tries, LONGEST_WAIT_MS);
    await wait(waitMs, signal).catch(() => undefined);
  }
}

type Paid = Exclude<Pricing, { readonly kind: "free" | "unknown" }>;

function mostOf(request: ModelRequest, pricing: Paid, maxOutputTokens: number): number {
  return pricing.kind === "told"
    ? pricing.atMost
    : worstCase(request, pricing.price, maxOutputTokens);
}

/** What the vendor says is the bill. One that counts nothing has not said that it costs nothing. */
function billed({ usage, text, calls, charged }: ModelReply, pricing: Paid): Billed {
  if (charged !== undefined) return charged;
  if (pricing.kind === "told") return "unknown";
  const read = usage.input + usage.cachedInput + (usage.cacheWrite ?? 0);
  const hasSaid = text !== "" || calls.length > 0;
  if (read === 0 || (hasSaid && usage.output === 0)) return "unknown";
  const { amount, isAtMost } = billOf(usage, pricing.price);
  return isAtMost ? { atMost: amount } : amount;
}

function isUnbilled(error: unknown): boolean {
  if (!(error instanceof NexusError) || error.charged !== undefined) return false;
  return error.unsent || UNBILLED.has(error.code);
}

function chargedFor(error: unknown): Billed {
  return (error instanceof NexusError ? error.charged : undefined) ?? "unknown";
}

/** A reply that was paid for is not lost because the book could not be written: the reconciler counts its most. */
async function left(writing: Promise<void>): Promise<void> {
  await writing.catch(() => undefined);
}

function exhausted(exhaustion: Exhaustion, atMost: number): NexusError {
  const { cap, limit, settled } = exhaustion;
  const message = `${CAP_NAMES[cap]} of ${dollars(limit)} has no room for another call: ${spentDollars(settled)} is spent, and the call may cost ${spentDollars(atMost)}.`;
  return new NexusError("model.budget-exhausted", message, { hint: HINT, exhaustion });
}

function priceUnknown(name: string): NexusError {
  return new NexusError("model.price-unknown", `Nobody has said what the model ${name} costs.`, {
    hint: "Whoever runs Nexus can name its price in a file (MODEL_PRICES), or say what holds for unknown prices (UNKNOWN_PRICE).",
  });
}
