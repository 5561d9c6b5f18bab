import { describe, expect, it } from "vitest";
import {
  parsePublisherConfig,
  parseWebConfig,
  parseWorkerConfig,
  passwordsIn,
} from "../../src/config.ts";
import { NexusError } from "../../src/core/errors.ts";

type Env = Readonly<Record<string, string | undefined>>;

const SECRET = "5f1c9a7be2d04863a1f5c7d9e8b60342";
const DATABASE_URL = "postgres://nexus:pg-pass@db/nexus";
const QUEUE = { REDIS_URL: "redis://cache", BROKER_KEY: "0123456789abcdef0123456789abcdef" };
const WEB = { DATABASE_URL, WEBHOOK_SECRET: SECRET };
const WORKER = { DATABASE_URL, ...QUEUE };
const PUBLISHER = { ...WORKER, APP_ID: "12", PRIVATE_KEY: "a key" };

/** The lines that parsing complains with, or nothing. */
function problemsOf(parse: (env: Env) => unknown, env: Env): string[] {
  try {
    parse(env);
    return [];
  } catch (error) {
    if (!(error instanceof NexusError) || error.code !== "config.invalid") throw error;
    return error.message.split("\n");
  }
}

describe("the least that is needed is enough", () => {
  it("for the web process", () => {
    expect(parseWebConfig(WEB)).toEqual({
      databaseUrl: DATABASE_URL,
      folder: ".nexus",
      logLevel: "info",
      githubUrl: "https://github.com",
      apiUrl: "https://api.github.com",
      webhookSecret: SECRET,
      host: "127.0.0.1",
      port: 3000,
    });
  });

  it("for a worker, which then has no model", () => {
    const config = parseWorkerConfig(WORKER);

    expect(config).toMatchObject({
      redisUrl: "redis://cache",
      brokerUrl: "http://127.0.0.1:3010",
      models: { roles: { architect: [], worker: [], merge: [], memory: [] }, keys: [] },
      tasksAtOnce: 2,
      limits: { workers: 4, corrections: 3 },
      leaseMs: 30_000,
      taskTimeoutMs: 3_600_000,
      sandboxPlace: { image: "nexus-sandbox:latest", folder: ".nexus/sandbox", owner: "nexus" },
    });
    expect(config.sandboxPlace.docker).toBeUndefined();
  });

  it("for the publisher, whose key may have its line breaks written as \\n", () => {
    const config = parsePublisherConfig({ ...PUBLISHER, PRIVATE_KEY: "line 1\\nline 2" });

    expect(config).toMatchObject({ appId: 12, privateKey: "line 1\nline 2" });
  });

  it("and an empty line means 'not set'", () => {
    const empty = {
      PORT: "",
      HOST: "  ",
      LOG_LEVEL: "\t",
      GITHUB_URL: "",
      NEXUS_FOLDER: undefined,
    };

    expect(parseWebConfig({ ...WEB, ...empty })).toEqual(parseWebConfig(WEB));
    expect(problemsOf(parseWebConfig, { ...WEB, WEBHOOK_SECRET: " " })).toEqual([
      "- WEBHOOK_SECRET: missing",
    ]);
  });

  it("seconds and sockets become what the parts take", () => {
    const config = parseWorkerConfig({
      ...WORKER,
      MODEL_TIMEOUT_SECONDS: "1.5",
      CORRECTIONS: "0",
      DOCKER_HOST: "unix:///run/user/1/docker.sock",
    });

    expect(config.models.timeoutMs).toBe(1_500);
    expect(config.limits.corrections).toBe(0);
    expect(config.sandboxPlace.docker).toEqual({ socketPath: "/run/user/1/docker.sock" });
  });
});

it.each([
  ["https://github.com", "https://github.com", "https://api.github.com"],
  ["https://GitHub.com/", "https://github.com", "https://api.github.com"],
  ["https://github.com:443/acme", "https://github.com", "https://api.github.com"],
  ["https://acme.ghe.com", "https://acme.ghe.com", "https://api.acme.ghe.com"],
  ["https://ghe.acme.example/", "https://ghe.acme.example", "https://ghe.acme.example/api/v3"],
  ["http://127.0.0.1:4000", "http://127.0.0.1:4000", "http://127.0.0.1:4000/api/v3"],
  [
    "https://github.com.evil.example",
    "https://github.com.evil.example",
    "https://github.com.evil.example/api/v3",
  ],
  ["https://me:token@ghe.example", "https://ghe.example", "https://ghe.example/api/v3"],
])("the API of %s is found", (given, githubUrl, apiUrl) => {
  expect(parseWebConfig({ ...WEB, GITHUB_URL: given })).toMatchObject({ githubUrl, apiUrl });
});

describe("a bad setting is named, and its value is not shown", () => {
  const web: readonly (readonly [string, string | undefined, string])[] = [
    ["DATABASE_URL", undefined, "missing"],
    ["DATABASE_URL", "mysql://canary@db/x", "must be a postgres:// URL"],
    ["DATABASE_URL", "canary", "must be a postgres:// URL"],
    ["DATABASE_URL", "postgres://u:canary%@db/x", "holds a % that encodes nothing"],
    ["WEBHOOK_SECRET", undefined, "missing"],
    ["WEBHOOK_SECRET", "canary-5f1c9a7be2d04863a1f5c7d9", "must have at least 32 bytes"],
    ["WEBHOOK_SECRET", "development", "must have at least 32 bytes"],
    ["WEBHOOK_SECRET", "development".repeat(3), "is a known default"],
    ["WEBHOOK_SECRET", "changeme-changeme-changeme-changeme", "is a known default"],
    ["WEBHOOK_SECRET", "Webhook_Secret Development Nexus Test", "is a known default"],
    ["WEBHOOK_SECRET", "a".repeat(40), "is too simple"],
    ["WEBHOOK_SECRET", "abcabc1".repeat(6), "is too simple"],
    ["PORT", "65536", "PORT"],
    ["PORT", "-1", "PORT"],
    ["PORT", "80.5", "PORT"],
    ["PORT", "canary", "PORT"],
    ["LOG_LEVEL", "canary", "LOG_LEVEL"],
    ["GITHUB_URL", "ftp://canary", "must be an http(s) URL"],
    ["GITHUB_URL", "canary", "must be an http(s) URL"],
  ];
  const worker: readonly (readonly [string, string | undefined, string])[] = [
    ["REDIS_URL", undefined, "missing"],
    ["REDIS_URL", "http://canary", "must be a redis://"],
    ["REDIS_URL", "redis://", "must be a redis://"],
    ["REDIS_URL", "redis://:canary canary@host", "must be a redis://"],
    ["REDIS_URL", "redis://:canary@host:99999", "must be a redis://"],
    ["REDIS_URL", "redis://host/canary", "must be a redis://"],
    ["REDIS_URL", "redis://:canary%zz@host", "holds a % that encodes nothing"],
    ["BROKER_KEY", undefined, "missing"],
    ["BROKER_KEY", "canary", "must have at least 32 characters"],
    ["BROKER_URL", "unix:///canary", "must be an http(s) URL"],
    ["DOCKER_HOST", "tcp://canary:2375", "must be a unix:///path socket"],
    ["SANDBOX_OWNER", "Canary Owner", "may hold a-z, 0-9 and -"],
    ["TASKS_AT_ONCE", "0", "TASKS_AT_ONCE"],
    ["TASKS_AT_ONCE", "65", "TASKS_AT_ONCE"],
    ["WORKERS_AT_ONCE", "0", "WORKERS_AT_ONCE"],
    ["WORKERS_AT_ONCE", "257", "WORKERS_AT_ONCE"],
    ["WORKERS_AT_ONCE", "2.5", "WORKERS_AT_ONCE"],
    ["WORKERS_AT_ONCE", "canary", "WORKERS_AT_ONCE"],
    ["CORRECTIONS", "-1", "CORRECTIONS"],
    ["LEASE_SECONDS", "0", "LEASE_SECONDS"],
    ["TASK_TIMEOUT_SECONDS", "Infinity", "TASK_TIMEOUT_SECONDS"],
    ["SANDBOX_CPUS", "canary", "SANDBOX_CPUS"],
    ["NPM_REGISTRY", "canary", "must be an http(s) URL"],
  ];
  const publisher: readonly (readonly [string, string | undefined, string])[] = [
    ["APP_ID", undefined, "missing"],
    ["APP_ID", "canary", "APP_ID"],
    ["APP_ID", "-3", "APP_ID"],
  ];
  const table = [
    ...web.map((row) => [parseWebConfig, WEB, ...row] as const),
    ...worker.map((row) => [parseWorkerConfig, WORKER, ...row] as const),
    ...publisher.map((row) => [parsePublisherConfig, PUBLISHER, ...row] as const),
  ];

  const rows = table.map(([parse, good, name, value, expected]) => ({
    parse,
    good,
    name,
    value,
    expected,
  }));
  it.each(rows)("$name=$value", ({ parse, good, name, value, expected }) => {
    const problems = problemsOf(parse, { ...good, [name]: value });

    expect(problems).not.toEqual([]);
    expect(problems[0]).toMatch(new RegExp(`^- ${name}: `));
    expect(problems[0]).toContain(expected);
    expect(problems.join("\n")).not.toContain("canary");
  });
});

describe("settings that contradict each other are named together", () => {
  const table: readonly (readonly [string, (env: Env) => unknown, Env, string])[] = [
    [
      "two keys of the App",
      parsePublisherConfig,
      { ...PUBLISHER, PRIVATE_KEY_PATH: "/k" },
      "not both",
    ],
    [
      "no key of the App",
      parsePublisherConfig,
      { ...PUBLISHER, PRIVATE_KEY: "" },
      "one of them is needed",
    ],
  ];

  const rows = table.map(([name, parse, env, expected]) => ({ name, parse, env, expected }));
  it.each(rows)("$name", ({ parse, env, expected }) => {
    const problems = problemsOf(parse, env);

    expect(problems).toHaveLength(1);
    expect(problems[0]).toContain(expected);
  });
});

it("all problems come at once, contradictions too, with what to do", () => {
  const env = {
    REDIS_URL: "canary",
    TASKS_AT_ONCE: "canary",
    MODEL: "openai:canary",
    MODEL_API_KEY: "canary",
  };

  const parsing = () => parseWorkerConfig(env);

  expect(problemsOf(parseWorkerConfig, env).map((line) => line.split(":")[0])).toEqual([
    "- DATABASE_URL",
    "- REDIS_URL",
    "- BROKER_KEY",
    "- TASKS_AT_ONCE",
    "- MODEL_API_KEY",
    "- OPENAI_API_KEY",
  ]);
  expect(parsing).toThrow(
    expect.objectContaining({ hint: expect.stringContaining(".env.example") }),
  );
  expect(parsing).not.toThrow(/canary/);
});

it("passwords are known as they are written and as they are meant", () => {
  const urls = ["postgres://u:p%40ss%2Fw0rd@db/x?password=second", "redis+unix:///run/redis.sock"];

  expect(passwordsIn(urls)).toEqual(["p%40ss%2Fw0rd", "p@ss/w0rd", "second"]);
});
