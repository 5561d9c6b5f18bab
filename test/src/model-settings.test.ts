import { describe, expect, it } from "vitest";
import { parseWorkerConfig } from "../../src/config.ts";
import { NexusError } from "../../src/core/errors.ts";

type Env = Readonly<Record<string, string | undefined>>;

const LEAST = {
  DATABASE_URL: "postgres://nexus@db/nexus",
  REDIS_URL: "redis://cache",
  BROKER_KEY: "0123456789abcdef0123456789abcdef",
};
const KEYS = { OPENAI_API_KEY: "sk-openai", ANTHROPIC_API_KEY: "sk-claude" };

function modelsOf(env: Env) {
  return parseWorkerConfig({ ...LEAST, ...env }).models;
}

/** The lines that parsing complains with. */
function problemsOf(env: Env): string[] {
  try {
    modelsOf(env);
    return [];
  } catch (error) {
    if (!(error instanceof NexusError) || error.code !== "config.invalid") throw error;
    return error.message.split("\n");
  }
}

describe("the lists of models", () => {
  it("MODEL is the list of every role, in its order", () => {
    const { roles } = modelsOf({ ...KEYS, MODEL: " openai:gpt-5.6 ,anthropic:claude-opus-5-5" });

    const list = [
      { provider: "openai", model: "gpt-5.6" },
      { provider: "anthropic", model: "claude-opus-5-5" },
    ];
    expect(roles).toEqual({ architect: list, worker: list, merge: list, memory: list });
  });

  it("a role with a list of its own has that one", () => {
    const { roles } = modelsOf({ ...KEYS, MODEL: "openai:a", MODEL_MERGE: "anthropic:b" });

    expect(roles.merge).toEqual([{ provider: "anthropic", model: "b" }]);
    expect(roles.memory).toEqual([{ provider: "openai", model: "a" }]);
  });

  it("names of models keep their colons and slashes", () => {
    const { roles } = modelsOf({
      OPENROUTER_API_KEY: "k-1",
      LOCAL_MODEL_URL: "http://127.0.0.1:11434/v1",
      MODEL: "openrouter:meta/llama-5:free,local:qwen3:7b",
    });

    expect(roles.worker).toEqual([
      { provider: "openrouter", model: "meta/llama-5:free" },
      { provider: "local", model: "qwen3:7b" },
    ]);
  });
});

describe("what belongs to a provider", () => {
  it("is its key, or the address of one's own server", () => {
    const { access } = modelsOf({
      ...KEYS,
      LOCAL_MODEL_URL: "http://127.0.0.1:1/v1",
      LOCAL_MODEL_KEY: "own",
    });

    expect(access.openai).toEqual({ apiKey: "sk-openai" });
    expect(access["openai-chat"]).toEqual({ apiKey: "sk-openai" });
    expect(access.local).toEqual({ apiKey: "own", baseUrl: "http://127.0.0.1:1/v1" });
    expect(access.kimi).toEqual({});
    expect(access["claude-code"]).toEqual({});
  });

  it("every key that is set is known as a secret, used or not", () => {
    const env = {
      OPENAI_API_KEY: "k1",
      OPENROUTER_API_KEY: "k2",
      KIMI_API_KEY: "k3",
      OPENCODE_API_KEY: "k4",
      ANTHROPIC_API_KEY: "k5",
      GEMINI_API_KEY: "k6",
      LOCAL_MODEL_KEY: "k7",
      LOCAL_MODEL_URL: "http://127.0.0.1:1",
    };

    expect(modelsOf(env).keys.toSorted()).toEqual(["k1", "k2", "k3", "k4", "k5", "k6", "k7"]);
  });

  it("is what may go to it at most, over both of OpenAI's APIs together", () => {
    const { limits } = modelsOf({
      MODEL_RATE: "openai=10/s, anthropic = 50/min",
      MODEL_CONCURRENCY: "openai=8",
    });

    const openai = { name: "openai", rate: { count: 10, windowMs: 1_000 }, concurrency: 8 };
    expect(limits.openai).toEqual(openai);
    expect(limits["openai-chat"]).toEqual(openai);
    expect(limits.anthropic).toEqual({
      name: "anthropic",
      rate: { count: 50, windowMs: 60_000 },
      concurrency: 16,
    });
    expect(limits.local).toEqual({ name: "local", rate: undefined, concurrency: 16 });
  });

  it("and the sizes of models are said by name", () => {
    const { contextTokens } = modelsOf({ MODEL_CONTEXT: "local:qwen3:7b=32768,kimi:k3=262144" });

    expect(contextTokens.get("local:qwen3:7b")).toBe(32_768);
    expect(contextTokens.get("kimi:k3")).toBe(262_144);
  });
});

describe("what is wrong is named with what to write, and no value is shown", () => {
  const nine = Array.from({ length: 9 }, (_, index) => `openai:canary${index}`).join(",");
  it.each<[string, Env, string]>([
    [
      "no provider",
      { MODEL: "canary" },
      "MODEL: entry 1 is not provider:model with one of openai,",
    ],
    ["an unknown provider", { ...KEYS, MODEL: "openai:a,canary:b" }, "MODEL: entry 2 is not"],
    ["no model", { ...KEYS, MODEL: "openai:" }, "MODEL: entry 1 is not"],
    ["a blank in a name", { ...KEYS, MODEL: "openai:a canary" }, "MODEL: entry 1 is not"],
    ["a comma at the end", { ...KEYS, MODEL: "openai:a," }, "MODEL: entry 2 is not"],
    ["one twice", { ...KEYS, MODEL: "openai:a,openai:a" }, "MODEL: entry 2 stands there twice"],
    ["too many", { ...KEYS, MODEL: nine }, "MODEL: may name 8 models"],
    [
      "a bad list of a role",
      { ...KEYS, MODEL: "openai:a", MODEL_MERGE: "x" },
      "MODEL_MERGE: entry",
    ],
    ["no key", { MODEL: "kimi:canary,kimi:b" }, "KIMI_API_KEY: missing, although MODEL names kimi"],
    [
      "no key for a role",
      { ...KEYS, MODEL: "openai:a", MODEL_MEMORY: "gemini:canary" },
      "GEMINI_API_KEY or GEMINI_PROJECT: missing, although MODEL_MEMORY names gemini",
    ],
    ["no address", { MODEL: "local:a" }, "LOCAL_MODEL_URL: missing, although MODEL names local"],
    ["an odd address", { LOCAL_MODEL_URL: "canary" }, "LOCAL_MODEL_URL: must be an http(s) URL"],
    [
      "an address with a password",
      { LOCAL_MODEL_URL: "http://u:canary@h" },
      "LOCAL_MODEL_URL: must carry no user and no password",
    ],
    ["a blank in a key", { KIMI_API_KEY: "can ary" }, "KIMI_API_KEY: holds a blank or an odd"],
    [
      "a planner alone",
      { ...KEYS, MODEL_ARCHITECT: "openai:a" },
      "MODEL_WORKER: missing (or MODEL, for all), although MODEL_ARCHITECT is set",
    ],
    [
      "a worker alone",
      { ...KEYS, MODEL_WORKER: "openai:a" },
      "MODEL_ARCHITECT: missing (or MODEL, for all), although MODEL_WORKER is set",
    ],
    [
      "a rate without a time",
      { MODEL_RATE: "openai=10" },
      "MODEL_RATE: entry 1 is not provider=10",
    ],
    ["a rate of nobody", { MODEL_RATE: "openai=1/s,canary=1/s" }, "MODEL_RATE: entry 2 is not"],
    ["a rate of none", { MODEL_RATE: "openai=0/s" }, "MODEL_RATE: entry 1 is not"],
    ["no call at a time", { MODEL_CONCURRENCY: "openai=0" }, "MODEL_CONCURRENCY: entry 1 is not"],
    ["a size of nothing", { MODEL_CONTEXT: "canary=1000" }, "MODEL_CONTEXT: entry 1 is not"],
    ["no tries", { MODEL_TRIES: "0" }, "MODEL_TRIES: "],
    [
      "a key by its old name",
      { MODEL_API_KEY: "canary" },
      "MODEL_API_KEY: no longer a setting; write MODEL=provider:model and the key of that provider",
    ],
    [
      "all old names",
      { MODEL_PROVIDER: "canary", MODEL_BASE_URL: "http://canary", MODEL_API_KEY: "canary" },
      "MODEL_PROVIDER, MODEL_BASE_URL, MODEL_API_KEY: no longer a setting; write MODEL=provider:",
    ],
  ])("%s", (_name, env, expected) => {
    const problems = problemsOf(env);

    expect(problems).toHaveLength(1);
    expect(problems[0]).toContain(`- ${expected}`);
    expect(problems.join("\n")).not.toContain("canary");
  });

  it("what settles conflicts may have a model where nothing else has", () => {
    expect(problemsOf({ ...KEYS, MODEL_MERGE: "openai:a" })).toEqual([]);
  });
});
