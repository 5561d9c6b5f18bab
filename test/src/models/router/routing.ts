import type { ReplyCache } from "../../../../src/core/reply-cache.ts";
import type { LimitRule } from "../../../../src/models/limiter/desk.ts";
import { createLimiter } from "../../../../src/models/limiter/limiter.ts";
import { createLocalDesk } from "../../../../src/models/limiter/local-desk.ts";
import { openModel } from "../../../../src/models/open-model.ts";
import { createBreaker } from "../../../../src/models/router/breaker.ts";
import type { Candidate } from "../../../../src/models/router/candidate.ts";
import { createReuse } from "../../../../src/models/router/reuse.ts";
import { routedModel } from "../../../../src/models/router/routed-model.ts";
import type { Script } from "../../../world/model/script.ts";
import { startScriptedModel } from "../../../world/model/scripted-model.ts";

export const never = new AbortController().signal;

/** A model at an address, as the router takes it: one try a call. */
export function candidateAt(url: string, name: string, given: Partial<Candidate> = {}): Candidate {
  const limit: LimitRule = { name, rate: undefined, concurrency: 8 };
  const model = openModel({
    provider: "local",
    model: name,
    baseUrl: url,
    apiKey: "sk-of-the-test-1234",
    timeoutMs: 20_000,
    maxTries: 1,
  });
  return { provider: "local", name, model, limit, ...given };
}

interface RoutingOptions {
  readonly cache?: ReplyCache;
  /** Of each model of the list, as far as it is known. */
  readonly sizes?: readonly (number | undefined)[];
  readonly timeoutMs?: number;
}

/** A list of models, each with a server of its own; waits pass at once on the router's own clock. */
export async function startRouting(scripts: readonly Script[], options: RoutingOptions = {}) {
  const servers = await Promise.all(scripts.map((script) => startScriptedModel(script)));
  let time = 1_000_000;
  const now = () => time;
  const waits: number[] = [];
  const wait = async (ms: number, signal: AbortSignal) => {
    signal.throwIfAborted();
    waits.push(ms);
    time += ms;
  };
  const candidates = servers.map(({ url }, index) =>
    candidateAt(url, `m${index + 1}`, { contextTokens: options.sizes?.[index] }),
  );
  const [first, ...others] = candidates;
  if (!first) throw new Error("A list has at least one model.");
  const troubles: unknown[] = [];
  const breaker = createBreaker({ now });
  const parts = {
    limiter: createLimiter({ desk: createLocalDesk(now), now, wait }),
    breaker,
    policy: { maxTries: 4, maxWaitMs: 60_000, random: () => 0.5, wait },
    timeoutMs: options.timeoutMs ?? 300_000,
    now,
    reuse: options.cache && createReuse(options.cache, (error) => void troubles.push(error)),
  };
  return {
    model: routedModel([first, ...others], parts),
    candidates,
    parts,
    waits,
    troubles,
    /** How many requests each server has seen. */
    asked: () => servers.map(({ requests }) => requests.length),
    pass(ms: number) {
      time += ms;
    },
    async [Symbol.asyncDispose]() {
      await Promise.all(servers.map((server) => server[Symbol.asyncDispose]()));
    },
  };
}
