import { parseModelConfig } from "../../src/config.ts";
import { openAccount } from "../../src/core/account.ts";
import type { Cost } from "../../src/core/budget.ts";
import { NexusError } from "../../src/core/errors.ts";
import type { Model } from "../../src/core/model.ts";
import { meteredModel } from "../../src/models/metered-model.ts";
import { openModel } from "../../src/models/open-model.ts";
import { pricingOf } from "../../src/models/prices/price-table.ts";
import { readPrices } from "../../src/models/prices/read-prices.ts";
import { memoryLedger } from "../fakes/memory-ledger.ts";

type Environment = Readonly<Record<string, string | undefined>>;

/** A real provider's model, and what it has cost so far; undefined where nobody knows its price. */
export interface LiveModel {
  readonly model: Model;
  readonly cost: () => Promise<Cost | undefined>;
}

const BOUNDS = { timeoutMs: 300_000, maxTries: 4, maxOutputTokens: 16_000 };
const REPOSITORY = { task: "eval", repository: "nexus/eval" };

/** Opens `provider:model` with the key that the environment has for it. Throws `config.invalid`. Calls nobody. */
export function openLiveModel(name: string, env: Environment): LiveModel {
  const { models } = parseModelConfig({ ...env, MODEL: name });
  const [named, another] = models.roles.worker;
  if (!named || another) {
    throw new NexusError("config.invalid", "--model names one model, as provider:model.");
  }
  const model = openModel({ ...BOUNDS, ...models.access[named.provider], ...named });
  const pricing = pricingOf(named, readPrices(env.MODEL_PRICES), "refuse");
  // Here it may be called all the same: whoever asks for it by name pays for it.
  if (pricing.kind === "unknown") return { model, cost: async () => undefined };
  const leaseMs = BOUNDS.timeoutMs * BOUNDS.maxTries;
  const account = openAccount({ ...REPOSITORY, ledger: memoryLedger(), caps: {}, leaseMs });
  const metered = meteredModel(model, { account, pricing, ...BOUNDS });
  return { model: metered, cost: () => account.cost() };
}
