import { join } from "node:path";
import type { Logger } from "pino";
import { type PublisherConfig, parsePublisherConfig, passwordsIn } from "../../src/config.ts";
import type { BaseMoved } from "../../src/core/base-moved.ts";
import type { Delivery } from "../../src/core/delivery.ts";
import { NexusError } from "../../src/core/errors.ts";
import type { OpenPlatform } from "../../src/core/platform.ts";
import type { Lease } from "../../src/core/record.ts";
import { createRedactor, type Redact } from "../../src/core/redact.ts";
import { pushBundle } from "../../src/git/push.ts";
import { readAppKey } from "../../src/github/app-key.ts";
import { createAppTokens, type Tokens } from "../../src/github/app-tokens.ts";
import { createPlatform } from "../../src/github/platform.ts";
import { createPublisher, type Publisher } from "../../src/github/publish.ts";
import { startTokenBroker } from "../../src/github/token-broker.ts";
import { giveUp } from "../../src/pipeline/give-up.ts";
import type { Kept } from "../../src/pipeline/keep-mergeable.ts";
import { takeIn } from "../../src/pipeline/take-in.ts";
import { allReady, runProcess, stopped } from "../../src/servers/lifecycle.ts";
import { openStore, type Store } from "../../src/store/store.ts";
import { dispatch } from "../dispatch.ts";
import { createLog } from "../log.ts";
import { startLoop } from "../loop.ts";
import { createPublishing } from "../publish.ts";
import { openQueue, type TaskQueue } from "../queue.ts";
import { assertSafeRedis } from "../redis.ts";

const HOUR_MS = 3_600_000;
const MINUTE_MS = 60_000;
const CHANNELS = ["inbox", "task", "effect"] as const;

/** The publisher: the only process with the App's key. Takes deliveries in, queues tasks, writes to GitHub. */
await runProcess("The publisher", async (signal) => {
  const config = parsePublisherConfig(process.env);
  const privateKey = readAppKey(config);
  const passwords = passwordsIn([config.databaseUrl, config.redisUrl]);
  const redact = createRedactor([privateKey, config.brokerKey, ...passwords]);
  const log = createLog({ name: "publisher", level: config.logLevel, redact });
  const [store] = await allReady([
    () => openStore(config.databaseUrl, { log }),
    () => assertSafeRedis(config.redisUrl),
  ] as const);
  await using _record = store;

  const { apiUrl, folder } = config;
  const tokens = createAppTokens({ appId: config.appId, privateKey, apiUrl });
  const mirrors = join(folder, "publisher");
  const publisher = createPublisher({
    tokens,
    apiUrl,
    push: (wish) => pushBundle({ ...wish, folder: mirrors }),
  });
  const mint = async ({ taskId, epoch }: Lease) => {
    const record = await store.tasks.find(taskId);
    if (record?.state !== "running" || record.epoch !== epoch) return undefined;
    return (await tokens.read(record.task)).token;
  };
  await using _broker = await startTokenBroker({
    url: config.brokerUrl,
    key: config.brokerKey,
    mint,
  });
  await using queue = openQueue(config.redisUrl, log);

  await using loops = await startLoops({ config, store, queue, tokens, publisher, redact, log });
  await using _purge = startLoop({
    name: "purge",
    pauseMs: HOUR_MS,
    log,
    round: () => store.purge(config.retentionMs),
  });
  await using _questions = await startQuestions({ config, store, log });
  await using _ledger = startLoop({
    name: "ledger",
    pauseMs: MINUTE_MS,
    log,
    async round() {
      const calls = await store.ledger.reconcile();
      if (calls > 0)
        log.warn({ calls }, "model calls of a process that is gone count as their most");
    },
  });
  log.info({ api: apiUrl, loops: loops.names }, "publishing");
  await stopped(signal);
});

/** Plans that wait too long, or for nothing any more. Woken by every new task: it may replace one. */
async function startQuestions({ config, store, log }: Pick<Parts, "config" | "store" | "log">) {
  const round = async () => {
    const plans = await giveUp({ ...store, days: config.approvalDays });
    if (plans > 0) log.info({ plans }, "plans that waited for a word were given up");
  };
  const loop = startLoop({ name: "questions", pauseMs: MINUTE_MS, log, round });
  await store.listen("task", loop.wake);
  return loop;
}

interface Parts {
  readonly config: PublisherConfig;
  readonly store: Store;
  readonly queue: TaskQueue;
  readonly tokens: Tokens;
  readonly publisher: Publisher;
  readonly redact: Redact;
  readonly log: Logger;
}

/** GitHub refuses Nexus itself: nothing goes on until whoever runs it does something. */
function isOurs(error: unknown): boolean {
  return error instanceof NexusError && error.code === "github.refused" && error.retryable;
}

/** Three loops: deliveries in, tasks to the queue, effects out. Each is woken by the store, and looks by itself too. */
async function startLoops(parts: Parts): Promise<AsyncDisposable & { names: typeof CHANNELS }> {
  const { config, store, queue, tokens, log } = parts;
  const { apiUrl, effectHoldMs: holdMs } = config;
  const open: OpenPlatform = async (at) =>
    createPlatform({ apiUrl, token: (await tokens.read(at)).token, repo: at.repo });
  const onTrouble = ({ id }: Delivery, err: unknown) => {
    const level = isOurs(err) ? "error" : "warn";
    log[level]({ task: id, err }, "delivery not decided yet");
  };
  const onMoved = ({ id, repo, branch }: BaseMoved, kept: Kept) =>
    log.info({ delivery: id, repo, branch, ...kept }, "a branch moved");
  const perform: Publisher["perform"] = (taken, until) => parts.publisher.perform(taken, until);
  const onFree = () => loops.effect.wake();
  const publishing = createPublishing({
    ...parts,
    effects: store.effects,
    perform,
    holdMs,
    onFree,
  });
  const rounds = {
    inbox: () => takeIn({ ...store, open, onTrouble, onMoved }),
    task: () => dispatch(store.tasks, queue),
    async effect(until: AbortSignal) {
      await publishing.round(until);
    },
  };
  const loop = (name: (typeof CHANNELS)[number]) =>
    startLoop({ name, pauseMs: 1_000, log, round: rounds[name] });
  const loops = { inbox: loop("inbox"), task: loop("task"), effect: loop("effect") };
  for (const channel of CHANNELS) await store.listen(channel, loops[channel].wake);
  return {
    names: CHANNELS,
    async [Symbol.asyncDispose]() {
      await Promise.all(Object.values(loops).map((one) => one[Symbol.asyncDispose]()));
      await publishing.settled();
    },
  };
}
