import { z } from "zod";
import { ContextSizes, Counts, ModelList, NEEDS, type Rate, Rates } from "./model-lists.ts";
import { CLAUDE_CODE_WARNING } from "./models/claude-code/claude-program.ts";
import type { ModelSettings as OneModel, ProviderName } from "./models/open-model.ts";
import {
  claudeOf,
  SignInSettings,
  signInProblems,
  signInSecrets,
  signInsOf,
} from "./sign-in-settings.ts";

/** What models are asked for; each may have a list of its own. */
const MODEL_ROLES = ["architect", "worker", "merge", "memory"] as const;
export type ModelRole = (typeof MODEL_ROLES)[number];

/** How to reach a provider: who calls it, and at which address. */
export type Access = Pick<OneModel, "apiKey" | "baseUrl" | "signIn" | "enterprise" | "claude">;

/** How much may go to one vendor, all workers of an installation together. */
export interface VendorLimit {
  /** As all providers of one vendor's account share it. */
  readonly name: string;
  readonly rate: Rate | undefined;
  readonly concurrency: number;
}

const count = (fallback: number, max: number) =>
  z.coerce.number().int().positive().max(max).default(fallback);
const key = z
  .string()
  .trim()
  .regex(/^[\x21-\x7e]+$/, "holds a blank or an odd character")
  .optional();

/** The settings of the models, as the environment names them. */
export const ModelSettings = SignInSettings.extend({
  MODEL: ModelList.optional(),
  MODEL_ARCHITECT: ModelList.optional(),
  MODEL_WORKER: ModelList.optional(),
  MODEL_MERGE: ModelList.optional(),
  MODEL_MEMORY: ModelList.optional(),
  OPENAI_API_KEY: key,
  OPENROUTER_API_KEY: key,
  KIMI_API_KEY: key,
  OPENCODE_API_KEY: key,
  ANTHROPIC_API_KEY: key,
  GEMINI_API_KEY: key,
  LOCAL_MODEL_URL: z
    .url({ protocol: /^https?$/, error: "must be an http(s) URL" })
    .refine((url) => !/^[^/]*\/\/[^/]*@/.test(url), "must carry no user and no password")
    .optional(),
  LOCAL_MODEL_KEY: key,
  MODEL_RATE: Rates.optional(),
  MODEL_CONCURRENCY: Counts.optional(),
  MODEL_CONTEXT: ContextSizes.optional(),
  MODEL_TIMEOUT_SECONDS: z.coerce.number().positive().max(86_400).default(300),
  MODEL_TRIES: count(4, 20),
  MODEL_MAX_OUTPUT_TOKENS: count(16_000, 1_000_000),
});
type ModelSettings = z.infer<typeof ModelSettings>;
type Environment = Readonly<Record<string, string | undefined>>;

const MOST_AT_ONCE = 16;
const LIST_OF = {
  architect: "MODEL_ARCHITECT",
  worker: "MODEL_WORKER",
  merge: "MODEL_MERGE",
  memory: "MODEL_MEMORY",
} as const satisfies Record<ModelRole, keyof ModelSettings>;

const KEY_OF = {
  openai: "OPENAI_API_KEY",
  "openai-chat": "OPENAI_API_KEY",
  openrouter: "OPENROUTER_API_KEY",
  kimi: "KIMI_API_KEY",
  opencode: "OPENCODE_API_KEY",
  anthropic: "ANTHROPIC_API_KEY",
  gemini: "GEMINI_API_KEY",
  local: "LOCAL_MODEL_KEY",
  "claude-code": undefined,
} as const satisfies Record<ProviderName, keyof ModelSettings | undefined>;

/** What was set before each provider had a key of its own. */
const OLD_NAMES = ["MODEL_PROVIDER", "MODEL_BASE_URL", "MODEL_API_KEY"];

/** The lists per role, what belongs to each provider, and what holds for all. */
export function modelsOf(data: ModelSettings) {
  const listOf = (role: ModelRole) => data[LIST_OF[role]] ?? data.MODEL ?? [];
  const roles = {
    architect: listOf("architect"),
    worker: listOf("worker"),
    merge: listOf("merge"),
    memory: listOf("memory"),
  };
  const all = Object.values(roles).flat();
  return {
    roles,
    /** To be read by `readSignIns`. */
    signIns: signInsOf(data),
    /** What whoever runs Nexus is to be told whenever it starts. */
    warnings: all.some(({ provider }) => provider === "claude-code") ? [CLAUDE_CODE_WARNING] : [],
    access: perProvider((provider) => accessOf(data, provider)),
    limits: perProvider((provider) => limitOf(data, provider)),
    /** The largest input in tokens of the models, as `provider:model`, whose operator says it. */
    contextTokens: data.MODEL_CONTEXT ?? new Map<string, number>(),
    timeoutMs: data.MODEL_TIMEOUT_SECONDS * 1000,
    maxTries: data.MODEL_TRIES,
    maxOutputTokens: data.MODEL_MAX_OUTPUT_TOKENS,
    keys: keysOf(data),
  };
}
/** Everything that is decided about models. */
export type Models = ReturnType<typeof modelsOf>;

function perProvider<T>(make: (provider: ProviderName) => T): Readonly<Record<ProviderName, T>> {
  const names = Object.keys(NEEDS) as ProviderName[];
  // Every provider is there: the object is made from the list its type is made from.
  return Object.fromEntries(names.map((name) => [name, make(name)])) as Record<ProviderName, T>;
}

/** Every key that is set, used or not: none may ever be shown. */
function keysOf(data: ModelSettings): readonly string[] {
  const keys = Object.values(KEY_OF).flatMap((name) => (name && data[name]) ?? []);
  return [...new Set([...keys, ...signInSecrets(data)])];
}

function accessOf(data: ModelSettings, provider: ProviderName): Access {
  const name = KEY_OF[provider];
  const apiKey = name && data[name];
  const baseUrl = provider === "local" ? data.LOCAL_MODEL_URL : undefined;
  const claude = provider === "claude-code" ? claudeOf(data) : undefined;
  return { ...(apiKey && { apiKey }), ...(baseUrl && { baseUrl }), ...(claude && { claude }) };
}

/** OpenAI counts what comes over either of its APIs together. */
function limitOf(data: ModelSettings, provider: ProviderName): VendorLimit {
  const name = provider === "openai-chat" ? "openai" : provider;
  return {
    name,
    rate: data.MODEL_RATE?.get(name),
    concurrency: data.MODEL_CONCURRENCY?.get(name) ?? MOST_AT_ONCE,
  };
}

/** What contradicts or lacks something, each with what to write. */
export function modelProblems(env: Environment): string[] {
  const has = (name: string) => (env[name] ?? "").trim() !== "";
  const old = OLD_NAMES.filter(has);
  const problems = old.length > 0 ? [insteadOf(old)] : [];
  const settings = ["MODEL", ...Object.values(LIST_OF)].filter(has);
  const needed = settings.flatMap((setting) => {
    const { data = [] } = ModelList.safeParse(env[setting]);
    return data.flatMap(({ provider }) =>
      NEEDS[provider].map((names) => ({ setting, provider, names })),
    );
  });
  const missing = new Map<string, string>();
  for (const { setting, provider, names } of needed) {
    const name = names.join(" or ");
    if (names.some(has) || missing.has(name)) continue;
    missing.set(name, `${name}: missing, although ${setting} names ${provider}`);
  }
  return [...problems, ...missing.values(), ...loneRole(has), ...signInProblems(has)];
}

function insteadOf(old: readonly string[]): string {
  const each = "write MODEL=provider:model and the key of that provider, such as OPENAI_API_KEY";
  const own = "for a server of your own MODEL=local:model and LOCAL_MODEL_URL";
  return `${old.join(", ")}: no longer a setting; ${each}; ${own}`;
}

/** Who plans needs somebody who works, and the other way round. */
function loneRole(has: (name: string) => boolean): string[] {
  if (has("MODEL") || has("MODEL_ARCHITECT") === has("MODEL_WORKER")) return [];
  const [set, other] = has("MODEL_WORKER")
    ? ["MODEL_WORKER", "MODEL_ARCHITECT"]
    : ["MODEL_ARCHITECT", "MODEL_WORKER"];
  return [`${other}: missing (or MODEL, for all), although ${set} is set`];
}
