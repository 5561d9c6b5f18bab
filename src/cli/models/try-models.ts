import { NexusError } from "../../core/errors.ts";
import type { Model, ModelRequest } from "../../core/model.ts";
import type { Usage } from "../../core/usage.ts";

/** One configured model, and what it is configured for. */
interface Listed {
  readonly provider: string;
  readonly model: string;
  readonly roles: readonly string[];
}

/** What came of one tiny call. */
export type TriedModel = Listed & { readonly latencyMs: number } & (
    | { readonly ok: true; readonly usage: Usage; readonly servedBy?: string }
    | {
        readonly ok: false;
        readonly code: string;
        /** Hostile text. */
        readonly message: string;
        readonly hint?: string;
      }
  );

/** The lists of the roles, each the first choice first. */
export type RoleLists<Named> = Readonly<Record<string, readonly Named[]>>;

interface Trying<Named> {
  readonly roles: RoleLists<Named>;
  /** One model with a limit of time and one try; it may fail. */
  readonly open: (named: Named) => Model;
  readonly now: () => number;
}

const TINY: ModelRequest = {
  messages: [{ role: "user", text: "Reply with the word ok." }],
  tools: [],
  mustCall: false,
};

/** Tries every model that a role names with one call, all at once. Throws only when the signal fires. */
export async function tryModels<Named extends { provider: string; model: string }>(
  { roles, open, now }: Trying<Named>,
  signal: AbortSignal,
): Promise<readonly TriedModel[]> {
  const all = new Map<string, Listed & { readonly named: Named }>();
  for (const [role, list] of Object.entries(roles)) {
    for (const named of list) {
      const { provider, model } = named;
      const known = all.get(`${provider}:${model}`);
      const listed = { provider, model, named, roles: [...(known?.roles ?? []), role] };
      all.set(`${provider}:${model}`, listed);
    }
  }
  const tried = [...all.values()].map(async ({ named, ...listed }): Promise<TriedModel> => {
    const began = now();
    const latencyMs = () => Math.round(now() - began);
    try {
      const { usage, servedBy } = await open(named).reply(TINY, signal);
      const served = servedBy === undefined ? {} : { servedBy };
      return { ...listed, latencyMs: latencyMs(), ok: true, usage, ...served };
    } catch (error) {
      if (!(error instanceof NexusError) || error.code === "aborted") throw error;
      const { code, message, hint } = error;
      const told = { code, message, ...(hint !== undefined && { hint }) };
      return { ...listed, latencyMs: latencyMs(), ok: false, ...told };
    }
  });
  return await Promise.all(tried);
}
