import { readFileSync } from "node:fs";
import { hostname } from "node:os";
import { join } from "node:path";
import type { Logger } from "pino";
import { DEFAULT_LIMITS } from "../../sandbox/container/limits.ts";
import { createDockerSandbox, type DockerSandbox } from "../../sandbox/docker-sandbox.ts";
import { parseWorkerConfig, passwordsIn, type WorkerConfig } from "../../src/config.ts";
import { type Account, openAccount } from "../../src/core/account.ts";
import { lowerCaps } from "../../src/core/budget.ts";
import { createFairSlots, type FairSlots } from "../../src/core/fair-slots.ts";
import type { Model } from "../../src/core/model.ts";
import { taskAfter } from "../../src/core/question.ts";
import type { Lease } from "../../src/core/record.ts";
import { createRedactor, type Redact } from "../../src/core/redact.ts";
import type { Task } from "../../src/core/task.ts";
import { checkoutInto } from "../../src/git/checkout.ts";
import { writeDelta } from "../../src/git/delta.ts";
import { createMirrors, type Mirrors } from "../../src/git/mirrors.ts";
import { nearestBase } from "../../src/git/nearest-base.ts";
import { gitUrl } from "../../src/github/git-url.ts";
import { createPlatform } from "../../src/github/platform.ts";
import { askForToken, reachesBroker } from "../../src/github/token-broker.ts";
import type { NamedModel } from "../../src/model-lists.ts";
import type { ModelRole } from "../../src/model-settings.ts";
import type { Limiter } from "../../src/models/limiter/limiter.ts";
import { openLimiter } from "../../src/models/limiter/open-limiter.ts";
import { pricingOf } from "../../src/models/prices/price-table.ts";
import { readPrices } from "../../src/models/prices/read-prices.ts";
import { readSignIns } from "../../src/models/read-sign-ins.ts";
import { openRoleModels, type RoleModels } from "../../src/models/router/role-models.ts";
import { runTask, stateOf } from "../../src/pipeline/run-task.ts";
import type { Team, Workbench } from "../../src/pipeline/workbench.ts";
import { allReady, runProcess, stopped } from "../../src/servers/lifecycle.ts";
import { openStore, type Store } from "../../src/store/store.ts";
import { createArchitect } from "../../src/swarm/architect.ts";
import { PROMPT_NAMES, type Prompts } from "../../src/swarm/prompts.ts";
import { createWorker } from "../../src/swarm/worker.ts";
import { createSyntax } from "../../src/syntax/create-syntax.ts";
import { type Bell, createBell } from "../bell.ts";
import { createDesk } from "../desk.ts";
import { createEventBell } from "../events/event-bell.ts";
import { createEventBus } from "../events/event-bus.ts";
import { createTeller, type Teller } from "../events/teller.ts";
import { gate, gateEvidence } from "../gate.ts";
import { gatedModel } from "../gated-model.ts";
import { keepSwept } from "../keep-swept.ts";
import { createLivePublisher, type LivePublisher } from "../live.ts";
import { createLog } from "../log.ts";
import { createLogKeeper, type LogShelf } from "../log-keeper.ts";
import { placesOn, thisMachine } from "../places.ts";
import { processTask } from "../process-task.ts";
import { startQueueWorker } from "../queue.ts";
import { assertSafeRedis } from "../redis.ts";
import { createRedisScripts } from "../redis-scripts.ts";

/** No other worker has it. */
const NAME = `${hostname()}-${process.pid}`;
const SWEEP_MS = 300_000;
/** What a call may take longer than its limit until it is settled. */
const SETTLING_MS = 60_000;

/** A worker: runs tasks. It holds the model's key and, for the task at hand, a read token for one repository. */
await runProcess("The worker", async (signal) => {
  const config = await readConfig();
  const redact = createRedactor(secretsOf(config));
  const redactKnown = createRedactor(secretsOf(config), { shapes: false });
  const log = createLog({ name: "worker", level: config.logLevel, redact });
  await using live = createLivePublisher({ url: config.redisUrl, redact });
  // No command runs before there is a store.
  const shelf: LogShelf = { keep: (kept) => store.logs.keep(kept) };
  await using sandbox = sandboxOf(config, { redact, log, shelf, live });
  const broker = { url: config.brokerUrl, key: config.brokerKey };
  const [store, probe, _redis, hasBroker] = await allReady([
    () => openStore(config.databaseUrl, { log }),
    () => sandbox.probe(),
    () => assertSafeRedis(config.redisUrl),
    () => reachesBroker(broker),
  ] as const);
  await using _record = store;
  log.info(probe, "sandbox ready");
  for (const warning of config.models.warnings) log.warn(warning);
  if (!hasBroker) log.warn({ broker: broker.url }, "the token broker does not answer yet");

  const bell = await bellOf(store);
  const mirrors = createMirrors({ folder: join(config.folder, "mirrors") });
  await using limiter = openLimits(config, log);
  const models = openModels(config, { limiter, log });
  const held = { models, store, sandbox, mirrors, bell, slots: createFairSlots(placesFor(config)) };
  const parts = { ...held, config, redact, redactKnown, prompts: readPrompts() };
  await using eventBell = createEventBell(config.redisUrl);
  const bus = createEventBus({ record: store.events, bell: eventBell });
  const teller = createTeller({ bus, redact, log, shutdown: signal });
  await using _sweeper = await keepTidy({ sandbox, store, log });

  await using _queue = startQueueWorker({
    url: config.redisUrl,
    concurrency: config.tasksAtOnce,
    log,
    process: processTask({
      ...store,
      teller,
      worker: NAME,
      leaseMs: config.leaseMs,
      taskTimeoutMs: config.taskTimeoutMs,
      redact,
      shutdown: signal,
      log,
      known: (task) => stateOf(store.checkpoints, task.id),
      forget: (taskId) => store.checkpoints.deleteThread(taskId),
      run: roadOf({ ...parts, teller }),
    }),
  });
  log.info(capacityOf(config), "waiting for tasks");
  await stopped(signal);
});

/** Runs the road of one task. */
function roadOf(parts: Parts & { readonly teller: Teller }) {
  const { sandbox, store, redactKnown } = parts;
  return async (asking: Task, lease: Lease, signal: AbortSignal) => {
    await sandbox.killTask(asking.id);
    const asked = await store.questions.of(asking.id);
    const task = taskAfter(asking, asked?.answers ?? []);
    await using bench = benchFor(task, lease, parts);
    const onStage: Parameters<typeof runTask>[0]["onStage"] = async (stage, phase) => {
      if (phase === "end") await store.tasks.progress(lease, stage);
    };
    const road = { task, asked, bench, checkpointer: store.checkpoints, onStage, signal };
    const end = await runTask(road);
    // What is carried out later is what people were shown.
    return "question" in end ? { ...end, question: gate(end.question, redactKnown) } : end;
  };
}

/** The settings, with the sign-ins that files hold. */
async function readConfig(): Promise<WorkerConfig> {
  const config = parseWorkerConfig(process.env);
  return { ...config, models: await readSignIns(config.models, config.folder) };
}

/** The limits of models that all workers of the installation share through its Redis. */
function openLimits({ redisUrl }: WorkerConfig, log: Logger): Limiter & AsyncDisposable {
  const scripts = createRedisScripts(redisUrl);
  const onNews = (news: string) =>
    log.warn({ news }, "the limits of models that all workers share");
  const limiter = openLimiter({ scripts, process: NAME, onNews });
  return {
    ...limiter,
    async [Symbol.asyncDispose]() {
      limiter[Symbol.dispose]();
      await scripts[Symbol.asyncDispose]();
    },
  };
}

/** Takes away what tasks that nobody works on left in the sandbox. */
function keepTidy({ sandbox, store, log }: Pick<Parts, "sandbox" | "store"> & { log: Logger }) {
  const sweep = async () => sandbox.sweep(await store.tasks.running());
  return keepSwept({ log, pauseMs: SWEEP_MS, sweep });
}

/** Rings whenever the publisher has done something. */
async function bellOf(store: Store): Promise<Bell> {
  const bell = createBell();
  await store.listen("effect", () => bell.ring());
  return bell;
}

interface Listeners {
  readonly redact: Redact;
  readonly log: Logger;
  readonly shelf: LogShelf;
  readonly live: LivePublisher;
}

function sandboxOf(config: WorkerConfig, { redact, log, shelf, live }: Listeners): DockerSandbox {
  return createDockerSandbox({
    ...config.sandboxPlace,
    openLog: createLogKeeper({ redact, log, shelf }),
    onOutput: live.publish,
    onAttempts: (seen) => log.info(seen, "what commands asked of the network"),
    checkEveryMs: 3_600_000,
    checkout: checkoutInto,
    deltas: { nearest: nearestBase, write: writeDelta },
    limits: { ...DEFAULT_LIMITS, ...config.sandboxLimits },
  });
}

interface Parts {
  readonly config: WorkerConfig;
  readonly store: Store;
  readonly sandbox: DockerSandbox;
  readonly mirrors: Mirrors;
  /** For what people read. */
  readonly redact: Redact;
  /** For what becomes code: what only looks like a secret stays. */
  readonly redactKnown: Redact;
  readonly bell: Bell;
  readonly prompts: Prompts;
  readonly models: RoleModels;
  /** Of all tasks of this process. */
  readonly slots: FairSlots;
}

function benchFor(
  task: Task,
  lease: Lease,
  parts: Parts & { readonly teller: Teller },
): Workbench & AsyncDisposable {
  const { config, store, sandbox, mirrors, redact, redactKnown, bell, teller } = parts;
  const account = accountOf(task, parts);
  const replies = store.replies(task.repo);
  const model = (role: ModelRole, startAt = 0) => {
    const open = parts.models.modelFor(role, { account, replies }, { startAt });
    return open && gatedModel(open, redactKnown);
  };
  const { journal, evidence, effects } = store;
  const { apiUrl, brokerUrl, brokerKey } = config;
  const token = () => askForToken({ url: brokerUrl, key: brokerKey }, lease);
  const url = gitUrl(apiUrl, task.repo);
  const desk = createDesk({ task, lease, effects, account, redact, nextChange: bell.next });
  return {
    platform: async () => createPlatform({ apiUrl, token: await token(), repo: task.repo }),
    async mirror() {
      const mirror = await mirrors.open(task.repo);
      const fetch = async (branch: string, signal: AbortSignal) =>
        mirror.fetch({ url, token: await token(), ref: `refs/heads/${branch}`, signal });
      const deepen = async (sides: { ours: string; theirs: string }, until: AbortSignal) =>
        mirror.deepen({ ...sides, url, token: await token(), signal: until });
      return { ...mirror, fetch, deepen };
    },
    sandbox,
    team: assembleTeam(parts, model),
    syntax: createSyntax,
    mergeHelp: {
      model: model("merge"),
      prompts: parts.prompts,
      redact,
      memory: store.resolutions(task.repo),
    },
    account,
    desk,
    tell(event) {
      desk.tell(event);
      teller.tell(task.id, event);
    },
    memory: {
      recall: (key) => journal.recall(task.id, key),
      remember: (key, value) => journal.remember(lease, key, gate(value, redactKnown)),
      step: (agent, step) => journal.step(task.id, agent, gate(step, redactKnown)),
    },
    keepEvidence: (proof) => evidence.keep(gateEvidence(proof, redact)),
    limits: config.limits,
    slots: parts.slots,
    [Symbol.asyncDispose]: () => desk[Symbol.asyncDispose](),
  };
}

/** The lists of all roles. What the limits and the lists do on their own is told in the log. */
function openModels(
  { models, budget }: WorkerConfig,
  { limiter, log }: { readonly limiter: Limiter; readonly log: Logger },
): RoleModels {
  const prices = readPrices(budget.pricesFile);
  const pricing = (named: NamedModel) => {
    const known = pricingOf(named, prices, budget.unknownPrice);
    if (known.kind === "unknown") log.warn(named, "a model of unknown price will not be called");
    return known;
  };
  return openRoleModels({
    models,
    pricing,
    limiter,
    onSwitch: (attempt) => log.warn(attempt, "a model is out, the next one of the list is asked"),
    onTrouble: (err) => log.warn({ err }, "replies of before could not be used"),
  });
}

function accountOf({ id, repo, budget }: Task, { config, store }: Parts): Account {
  return openAccount({
    ledger: store.ledger,
    task: id,
    repository: `${repo.owner}/${repo.name}`,
    caps: lowerCaps(config.budget.caps, { task: budget }),
    leaseMs: config.models.timeoutMs + SETTLING_MS,
  });
}

/** How many agents work at once, all tasks together. */
function placesFor({ workersAtOnce, sandboxLimits }: WorkerConfig): number {
  return workersAtOnce ?? placesOn(thisMachine(), sandboxLimits.memoryMb);
}

function capacityOf(config: WorkerConfig) {
  const all = Object.values(config.models.roles).flat();
  const models = [...new Set(all.map(({ provider, model }) => `${provider}:${model}`))];
  return { models, tasks: config.tasksAtOnce, agents: placesFor(config) };
}

function assembleTeam(
  { config, prompts }: Parts,
  model: (role: ModelRole, startAt?: number) => Model | undefined,
): Team | undefined {
  const [architect, worker, other] = [model("architect"), model("worker"), model("worker", 1)];
  if (!architect || !worker) return undefined;
  const parts = { prompts, limits: config.workerLimits, now: () => performance.now() };
  return {
    architect: createArchitect({ model: architect, prompts }),
    worker: createWorker({ ...parts, model: worker }),
    otherWorker: other && createWorker({ ...parts, model: other }),
  };
}

function readPrompts(): Prompts {
  const folder = new URL("../../src/swarm/prompts/", import.meta.url);
  const read = (name: string) => readFileSync(new URL(`${name}.md`, folder), "utf8");
  // Every name is there: the object is made from the list its type is made from.
  return Object.fromEntries(PROMPT_NAMES.map((name) => [name, read(name)])) as Prompts;
}

function secretsOf({ models, brokerKey, databaseUrl, redisUrl }: WorkerConfig): string[] {
  return [...models.keys, brokerKey, ...passwordsIn([databaseUrl, redisUrl])];
}
