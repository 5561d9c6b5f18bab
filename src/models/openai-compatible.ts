import { APIError, APIUserAbortError } from "openai";
import type { Model, ModelReply, ModelRequest } from "../core/model.ts";
import { piecesOf } from "./answer.ts";
import { createReplyJoiner } from "./chat-reply.ts";
import { chatRequest } from "./chat-request.ts";
import { type Connection, openConnection } from "./connection.ts";
import { COMMON_DIALECT, learn } from "./dialect.ts";
import { aborted, explained, presentable } from "./failure.ts";
import { modelError } from "./provider-error.ts";
import { rejectionOf } from "./rejection.ts";
import { type RetryPolicy, waitFor, withRetries } from "./retry.ts";
import { type Watch, watchOver } from "./watch.ts";

export interface OpenAiModelOptions {
  /** Up to and including `/v1`. */
  readonly baseUrl: string;
  readonly apiKey: string;
  readonly model: string;
  /** Limit of a whole call, its retries and waits included. */
  readonly timeoutMs: number;
  /** How long the vendor may send nothing at all before a try counts as lost. */
  readonly idleMs?: number;
  readonly maxTries?: number;
  readonly maxWaitMs?: number;
  readonly maxOutputTokens?: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly random?: RetryPolicy["random"];
  readonly wait?: RetryPolicy["wait"];
}

const IDLE_MS = 120_000;
const MAX_TRIES = 4;
const MAX_WAIT_MS = 60_000;

/** One model behind any API that speaks OpenAI's Chat Completions. */
export function createOpenAiModel(options: OpenAiModelOptions): Model {
  const { model, apiKey, timeoutMs } = options;
  const ask = createAsk(options, openConnection(options));
  const policy: RetryPolicy = {
    maxTries: options.maxTries ?? MAX_TRIES,
    maxWaitMs: options.maxWaitMs ?? MAX_WAIT_MS,
    random: options.random ?? Math.random,
    wait: options.wait ?? waitFor,
  };
  return {
    name: model,
    async reply(request, signal) {
      const deadline = AbortSignal.timeout(timeoutMs);
      const endsAt = performance.now() + timeoutMs;
      const bounds = {
        signal: AbortSignal.any([signal, deadline]),
        remainingMs: () => endsAt - performance.now(),
      };
      try {
        return await withRetries(() => ask(request, { signal, deadline }), policy, bounds);
      } catch (error) {
        throw presentable(signal.aborted ? aborted() : error, apiKey);
      }
    },
  };
}

type Ask = (
  request: ModelRequest,
  until: { signal: AbortSignal; deadline: AbortSignal },
) => Promise<ModelReply>;

/** One try. What the vendor was found not to understand is not said to it again. */
function createAsk(options: OpenAiModelOptions, connection: Connection): Ask {
  const settings = { model: options.model, maxOutputTokens: options.maxOutputTokens };
  let dialect = COMMON_DIALECT;

  return async function ask(request, until) {
    using watch = watchOver({
      caller: until.signal,
      deadline: until.deadline,
      idleMs: options.idleMs ?? IDLE_MS,
    });
    const body = chatRequest(request, settings, dialect);
    try {
      return await exchange(connection, { body, request, watch });
    } catch (error) {
      const learnt =
        error instanceof APIError ? learn(dialect, body, rejectionOf(error)) : undefined;
      if (!learnt || watch.ended()) throw explained(error, watch);
      dialect = learnt;
    }
    return ask(request, until);
  };
}

interface Exchange {
  readonly body: ReturnType<typeof chatRequest>;
  readonly request: ModelRequest;
  readonly watch: Watch;
}

async function exchange(connection: Connection, { body, request, watch }: Exchange) {
  if (watch.ended()) throw new APIUserAbortError();
  const streaming = body.stream === true;
  const response = await connection.open(body, watch.signal);
  const joiner = createReplyJoiner();
  const listening = { client: connection.client, streaming, heard: () => watch.heard() };
  for await (const piece of piecesOf(response, listening)) joiner.add(piece);

  // An aborted stream ends without an error.
  if (watch.ended()) throw new APIUserAbortError();
  const reply = joiner.reply({
    model: body.model,
    callIdPrefix: `call-${request.messages.length}`,
  });
  if (streaming && !joiner.ended()) {
    throw modelError("model.unreachable", "The answer stopped before its end.");
  }
  return reply;
}
