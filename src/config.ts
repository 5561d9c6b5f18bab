import { z } from "zod";
import { BudgetSettings, budgetOf } from "./budget-settings.ts";
import { NexusError } from "./core/errors.ts";
import { ModelSettings, modelProblems, modelsOf } from "./model-settings.ts";
import { SandboxSettings, sandboxLimits, sandboxPlace } from "./sandbox-settings.ts";
import { GoogleClientSettings } from "./sign-in-settings.ts";

const seconds = (fallback: number) => z.coerce.number().positive().max(86_400).default(fallback);
const count = (fallback: number, max: number) =>
  z.coerce.number().int().positive().max(max).default(fallback);
const text = z.string().trim().min(1);
const httpUrl = z.url({ protocol: /^https?$/, error: "must be an http(s) URL" });

/** Secrets that everybody knows, also one after another. */
const KNOWN_SECRETS = /^(?:(?:development|secret|changeme|password|nexus|test|webhook)[-_ ]?)+$/i;

const webhookSecret = z
  .string()
  .refine((value) => new TextEncoder().encode(value).length >= 32, "must have at least 32 bytes")
  .refine(
    (value) => !KNOWN_SECRETS.test(value),
    "is a known default; make one: openssl rand -hex 32",
  )
  .refine((value) => new Set(value).size >= 8, "is too simple; make one: openssl rand -hex 32");

const DECODABLE = "holds a % that encodes nothing (a % itself is written %25)";

const Shared = z.object({
  DATABASE_URL: z
    .url({ protocol: /^postgres(ql)?$/, error: "must be a postgres:// URL" })
    .refine(isDecodable, DECODABLE),
  NEXUS_FOLDER: text.default(".nexus"),
  LOG_LEVEL: z.enum(["fatal", "error", "warn", "info", "debug", "trace", "silent"]).default("info"),
  GITHUB_URL: httpUrl.default("https://github.com"),
});

const Web = Shared.extend({
  WEBHOOK_SECRET: webhookSecret,
  HOST: text.default("127.0.0.1"),
  PORT: z.coerce.number().int().min(0).max(65_535).default(3000),
});

const Queue = z.object({
  REDIS_URL: z
    .string()
    .refine(isRedisUrl, "must be a redis://, rediss:// or redis+unix:/// URL")
    .refine(isDecodable, DECODABLE),
  BROKER_URL: httpUrl.default("http://127.0.0.1:3010"),
  BROKER_KEY: text.min(32, "must have at least 32 characters; make one: openssl rand -hex 32"),
});

const Worker = Shared.extend(Queue.shape)
  .extend(SandboxSettings.shape)
  .extend(ModelSettings.shape)
  .extend(BudgetSettings.shape)
  .extend({
    TASKS_AT_ONCE: count(2, 64),
    WORKERS_PER_TASK: count(4, 32),
    WORKERS_AT_ONCE: z.coerce.number().int().positive().max(256).optional(),
    WORKER_STEPS: count(40, 500),
    WORKER_TOKENS: count(4_000_000, 1_000_000_000),
    WORKER_MINUTES: z.coerce.number().positive().max(1440).default(30),
    CORRECTIONS: z.coerce.number().int().min(0).max(10).default(3),
    TASK_TIMEOUT_SECONDS: seconds(3600),
    LEASE_SECONDS: seconds(30),
  });

const Publisher = Shared.extend(Queue.shape).extend({
  APP_ID: z.coerce.number().int().positive(),
  PRIVATE_KEY: text.optional(),
  PRIVATE_KEY_PATH: text.optional(),
  EFFECT_HOLD_SECONDS: seconds(60),
  RETENTION_DAYS: count(30, 3650),
  APPROVAL_DAYS: count(14, 365),
});

/** The names of the settings each process needs; it is given no others. */
export const SETTINGS = {
  web: Object.keys(Web.shape),
  worker: Object.keys(Worker.shape),
  publisher: Object.keys(Publisher.shape),
} as const;

type Environment = Readonly<Record<string, string | undefined>>;
type Shared = z.infer<typeof Shared>;

/** Settings of the web process. Throws `config.invalid` naming every problem at once, and no value. */
export function parseWebConfig(env: Environment) {
  const data = parse(Web, env, []);
  return {
    ...shared(data),
    webhookSecret: data.WEBHOOK_SECRET,
    host: data.HOST,
    port: data.PORT,
  };
}

/** Settings of a worker. Throws as above. */
export function parseWorkerConfig(env: Environment) {
  const data = parse(Worker, env, modelProblems(env));
  return {
    ...shared(data),
    ...queue(data),
    models: modelsOf(data),
    budget: budgetOf(data),
    tasksAtOnce: data.TASKS_AT_ONCE,
    /** Agents of all tasks; undefined: as many as the machine has room for. */
    workersAtOnce: data.WORKERS_AT_ONCE,
    limits: { workers: data.WORKERS_PER_TASK, corrections: data.CORRECTIONS },
    workerLimits: {
      maxSteps: data.WORKER_STEPS,
      maxTokens: data.WORKER_TOKENS,
      maxMs: data.WORKER_MINUTES * 60_000,
    },
    taskTimeoutMs: data.TASK_TIMEOUT_SECONDS * 1000,
    leaseMs: data.LEASE_SECONDS * 1000,
    sandboxPlace: sandboxPlace(data, data.NEXUS_FOLDER),
    sandboxLimits: sandboxLimits(data),
  };
}
export type WorkerConfig = ReturnType<typeof parseWorkerConfig>;

const Sandboxes = Shared.pick({ NEXUS_FOLDER: true }).extend(SandboxSettings.shape);

/** Where this installation's sandboxes are, for whoever only looks at them. Throws as above. */
export function parseSandboxConfig(env: Environment) {
  const data = parse(Sandboxes, env, []);
  return {
    sandboxPlace: sandboxPlace(data, data.NEXUS_FOLDER),
    sandboxLimits: sandboxLimits(data),
  };
}

const ModelsAlone = Shared.pick({ NEXUS_FOLDER: true }).extend(ModelSettings.shape);

/** The models of this installation, for whoever only tries them. Throws as above. */
export function parseModelConfig(env: Environment) {
  const data = parse(ModelsAlone, env, modelProblems(env));
  return { models: modelsOf(data), folder: data.NEXUS_FOLDER };
}

const GoogleLogin = Shared.pick({ NEXUS_FOLDER: true }).extend(GoogleClientSettings.shape);

/** The client that a person signs in at Google with, and where that is kept. Throws as above. */
export function parseGoogleLogin(env: Environment) {
  const data = parse(GoogleLogin, env, []);
  const { GEMINI_CLIENT_ID: clientId, GEMINI_CLIENT_SECRET: clientSecret } = data;
  return { folder: data.NEXUS_FOLDER, client: { clientId, clientSecret } };
}

const RecordAlone = Shared.pick({ NEXUS_FOLDER: true }).extend({
  DATABASE_URL: Shared.shape.DATABASE_URL.optional(),
  REDIS_URL: Queue.shape.REDIS_URL.optional(),
});

/** Where the record is, for whoever only reads it; where no server is named, the folder knows. Throws as above. */
export function parseRecordConfig(env: Environment) {
  const data = parse(RecordAlone, env, []);
  return { databaseUrl: data.DATABASE_URL, redisUrl: data.REDIS_URL, folder: data.NEXUS_FOLDER };
}

/** Settings of the publisher. Throws as above. */
export function parsePublisherConfig(env: Environment) {
  const data = parse(Publisher, env, keyProblems(env));
  return {
    ...shared(data),
    ...queue(data),
    appId: data.APP_ID,
    privateKey: data.PRIVATE_KEY?.replaceAll("\\n", "\n"),
    privateKeyPath: data.PRIVATE_KEY_PATH,
    effectHoldMs: data.EFFECT_HOLD_SECONDS * 1000,
    approvalDays: data.APPROVAL_DAYS,
    retentionMs: data.RETENTION_DAYS * 86_400_000,
  };
}
export type PublisherConfig = ReturnType<typeof parsePublisherConfig>;

/** The passwords that URLs carry, as they are written and as they are meant: both must never be shown. */
export function passwordsIn(urls: readonly string[]): string[] {
  return urls
    .map((url) => new URL(url))
    .flatMap((url) => [
      url.password,
      decodeURIComponent(url.password),
      ...url.searchParams.getAll("password"),
    ])
    .filter((password) => password !== "");
}

function shared(data: Shared) {
  const { origin } = new URL(data.GITHUB_URL);
  return {
    databaseUrl: data.DATABASE_URL,
    folder: data.NEXUS_FOLDER,
    logLevel: data.LOG_LEVEL,
    githubUrl: origin,
    apiUrl: apiUrlOf(origin),
  };
}

/** github.com and *.ghe.com have a host of their own for the API; an Enterprise Server serves it below its own. */
function apiUrlOf(origin: string): string {
  return /^https:\/\/(?:[a-z0-9-]+\.ghe|github)\.com$/.test(origin)
    ? origin.replace("https://", "https://api.")
    : `${origin}/api/v3`;
}

/** A whole URL, and where it names a database, by its number. */
function isRedisUrl(text: string): boolean {
  if (!/^(rediss?:\/\/|redis\+unix:\/\/\/)\S+$/.test(text) || !URL.canParse(text)) return false;
  const { protocol, pathname } = new URL(text);
  return protocol === "redis+unix:" || /^(\/\d*)?$/.test(pathname);
}

function isDecodable(url: string): boolean {
  try {
    decodeURIComponent(url);
    return true;
  } catch {
    return false;
  }
}

/** Where the API of this GitHub answers: github.com and *.ghe.com have a host of its own for it. */
export function apiAddress(githubUrl: string): string {
  return /^https:\/\/(?:[a-z0-9-]+\.ghe|github)\.com$/.test(githubUrl)
    ? githubUrl.replace("https://", "https://api.")
    : `${githubUrl}/api/v3`;
}

function queue(data: z.infer<typeof Queue>) {
  return { redisUrl: data.REDIS_URL, brokerUrl: data.BROKER_URL, brokerKey: data.BROKER_KEY };
}

function keyProblems(env: Environment): string[] {
  const has = (name: string) => (env[name] ?? "").trim() !== "";
  if (has("PRIVATE_KEY") && has("PRIVATE_KEY_PATH")) {
    return ["PRIVATE_KEY and PRIVATE_KEY_PATH: set one of them, not both"];
  }
  if (!has("PRIVATE_KEY") && !has("PRIVATE_KEY_PATH")) {
    return ["PRIVATE_KEY or PRIVATE_KEY_PATH: one of them is needed"];
  }
  return [];
}

function parse<T extends z.ZodType>(
  schema: T,
  env: Environment,
  contradictions: string[],
): z.infer<T> {
  // An empty line in .env means 'not set'.
  const given = Object.fromEntries(Object.entries(env).filter(([, value]) => value?.trim()));
  const { data, error } = schema.safeParse(given);
  const wrong = (error?.issues ?? []).map((issue) => problemOf(issue, given));
  const problems = [...wrong, ...contradictions];
  if (data !== undefined && problems.length === 0) return data;
  throw new NexusError("config.invalid", problems.map((problem) => `- ${problem}`).join("\n"), {
    hint: "Compare your .env with .env.example, or run: npm run setup",
  });
}

/** Names the setting, never its value. */
function problemOf(issue: z.core.$ZodIssue, given: Environment): string {
  const name = issue.path.join(".");
  return `${name}: ${given[name] === undefined ? "missing" : issue.message}`;
}
