import { readFileSync } from "node:fs";
import { expect, it } from "vitest";
import {
  parsePublisherConfig,
  parseWebConfig,
  parseWorkerConfig,
  SETTINGS,
} from "../src/config.ts";

const ROLES = ["web", "publisher", "worker"] as const;

/** What each process needs at least, so that everything else is its default. */
const LEAST = {
  DATABASE_URL: "postgres://nexus@localhost/nexus",
  REDIS_URL: "redis://localhost",
  BROKER_KEY: "0123456789abcdef0123456789abcdef",
  WEBHOOK_SECRET: "0123456789abcdef0123456789abcdef",
  APP_ID: "1",
  PRIVATE_KEY: "key",
  MODEL: "local:model",
  LOCAL_MODEL_URL: "http://127.0.0.1:9",
};

interface Line {
  readonly section: string;
  readonly name: string;
  readonly value: string;
}

/** The settings of the file in order, each with the heading it stands under. */
function settingsOf(text: string): Line[] {
  let section = "";
  const found: Line[] = [];
  for (const line of text.split("\n")) {
    section = /^## (.+)$/.exec(line)?.[1] ?? section;
    const [, name, value] = /^(?:# )?([A-Z][A-Z_]+)=(.*)$/.exec(line) ?? [];
    if (name !== undefined) found.push({ section, name, value: value ?? "" });
  }
  return found;
}

const lines = settingsOf(readFileSync(new URL("../.env.example", import.meta.url), "utf8"));

it(".env.example names every setting once and no other", () => {
  const known = new Set<string>(ROLES.flatMap((role) => SETTINGS[role]));

  const written = lines.map(({ name }) => name);

  expect(written.toSorted()).toEqual([...known].toSorted());
});

it("each setting stands under the processes that are given it", () => {
  const sections: Record<string, string> = {};
  for (const { name, section } of lines) sections[name] = section.toLowerCase();

  const wanted: Record<string, string> = {};
  for (const { name } of lines) {
    const roles = ROLES.filter((role) => SETTINGS[role].includes(name));
    wanted[name] = roles.join(", ").replace(/, (\w+)$/, " and $1");
  }

  expect(sections).toEqual(wanted);
});

it("the defaults written there are the defaults", () => {
  const written = Object.fromEntries(
    lines.flatMap(({ name, value }) => (value === "" ? [] : [[name, value]])),
  );
  const parsed = (env: Record<string, string>) => [
    parseWebConfig(env),
    parsePublisherConfig(env),
    parseWorkerConfig(env),
  ];

  expect(parsed({ ...written, ...LEAST })).toEqual(parsed(LEAST));
});

it("only settings without a default are left empty", () => {
  const empty = lines.flatMap(({ name, value }) => (value === "" ? [name] : []));

  expect(empty.toSorted()).toEqual([
    "ANTHROPIC_API_KEY",
    "ANTHROPIC_PROFILE_PATH",
    "APP_ID",
    "BROKER_KEY",
    "CLAUDE_CODE_ONLY_MINE",
    "CLAUDE_CODE_PROGRAM",
    "CLAUDE_CODE_TOKEN",
    "DATABASE_URL",
    "DOCKER_HOST",
    "GEMINI_API_KEY",
    "GEMINI_CLIENT_ID",
    "GEMINI_CLIENT_SECRET",
    "GEMINI_CREDENTIALS_PATH",
    "GEMINI_PROJECT",
    "KIMI_API_KEY",
    "LOCAL_MODEL_KEY",
    "LOCAL_MODEL_URL",
    "MODEL",
    "MODEL_ARCHITECT",
    "MODEL_CONCURRENCY",
    "MODEL_CONTEXT",
    "MODEL_MEMORY",
    "MODEL_MERGE",
    "MODEL_PRICES",
    "MODEL_RATE",
    "MODEL_WORKER",
    "NODE_EXTRA_CA_CERTS",
    "NPM_REGISTRY",
    "OPENAI_API_KEY",
    "OPENCODE_API_KEY",
    "OPENROUTER_API_KEY",
    "PRIVATE_KEY",
    "PRIVATE_KEY_PATH",
    "REDIS_URL",
    "SANDBOX_MIRROR",
    "SANDBOX_NETWORK",
    "SANDBOX_RUNTIME",
    "WEBHOOK_SECRET",
    "WORKERS_AT_ONCE",
  ]);
});
