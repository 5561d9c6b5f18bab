import { NexusError } from "../../core/errors.ts";
import type { Model } from "../../core/model.ts";
import { modelsText } from "./models-text.ts";
import { type RoleLists, tryModels } from "./try-models.ts";

interface Telling<Named> {
  readonly roles: RoleLists<Named>;
  /** What whoever runs Nexus is to be told. */
  readonly warnings: readonly string[];
  readonly open: (named: Named, bounds: typeof BOUNDS) => Model;
  readonly now: () => number;
  readonly json: boolean;
  readonly out: (text: string) => void;
}

/** Enough for a model that thinks before it says a word. */
const BOUNDS = { timeoutMs: 30_000, maxTries: 1, maxOutputTokens: 512 };

/** `nexus models`: what is configured and whether it answers. The exit code says so too. */
export async function tellModels<Named extends { provider: string; model: string }>(
  { roles, warnings, open, now, json, out }: Telling<Named>,
  signal: AbortSignal,
): Promise<number> {
  if (Object.values(roles).every((list) => list.length === 0)) {
    throw new NexusError("config.invalid", "No model is configured.", {
      hint: "Write MODEL=provider:model and the key of that provider in .env.",
    });
  }
  const tried = await tryModels({ roles, open: (named) => open(named, BOUNDS), now }, signal);
  const isWell = tried.every(({ ok }) => ok);
  const names = Object.entries(roles).map(([role, list]) => [
    role,
    list.map(({ provider, model }) => `${provider}:${model}`),
  ]);
  const whole = { ok: isWell, roles: Object.fromEntries(names), warnings, models: tried };
  out(json ? `${JSON.stringify(whole, undefined, 2)}\n` : modelsText({ roles, warnings, tried }));
  return isWell ? 0 : 1;
}
