import { spawn } from "node:child_process";
import { generateKeyPairSync } from "node:crypto";
import { once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { afterAll, beforeAll, describe, expect, inject, it } from "vitest";
import { startTokenBroker } from "../../src/github/token-broker.ts";
import { freshDatabase } from "../world/database.ts";
import { freePort } from "../world/free-port.ts";
import { startRedis } from "../world/redis.ts";

const ROOT = resolve(import.meta.dirname, "../..");
const PRIVATE_KEY = generateKeyPairSync("rsa", {
  modulusLength: 2048,
  publicKeyEncoding: { type: "spki", format: "pem" },
  privateKeyEncoding: { type: "pkcs8", format: "pem" },
}).privateKey;
const SECRET = "c0ffee00-canary-of-the-webhook-secret-1234";

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "bad-start-"));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

async function start(entry: string, env: Record<string, string>) {
  const child = spawn(process.execPath, [join(ROOT, entry)], {
    env: { PATH: process.env.PATH, NEXUS_FOLDER: folder, ...env },
    stdio: ["ignore", "pipe", "pipe"],
  });
  let output = "";
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding("utf8").on("data", (text: string) => {
      output += text;
    });
  }
  const [code] = await once(child, "exit");
  return { code, output };
}

describe("a start that cannot work says everything that is wrong, and what to do", () => {
  it("npm start without settings lists what every process lacks", async () => {
    const { code, output } = await start("src/start.ts", {});

    expect(code).toBe(1);
    for (const name of ["WEBHOOK_SECRET", "APP_ID", "PRIVATE_KEY"]) expect(output).toContain(name);
    expect(output).toContain("npm run setup");
  });

  it("malformed and contradictory settings are all listed, without their values", async () => {
    const { code, output } = await start("src/start.ts", {
      WEBHOOK_SECRET: "development",
      APP_ID: "canary-app-id",
      PRIVATE_KEY: "canary-key",
      PRIVATE_KEY_PATH: "/canary-path",
      PORT: "99999",
      MODEL: "canary-model",
      MODEL_PROVIDER: "openai",
      MODEL_BASE_URL: "http://canary-host/v1",
      REDIS_URL: "http://canary-redis",
    });

    expect(code).toBe(1);
    const names = [
      "WEBHOOK_SECRET",
      "APP_ID",
      "PRIVATE_KEY_PATH",
      "PORT",
      "MODEL: entry 1 is not provider:model",
      "MODEL_PROVIDER, MODEL_BASE_URL: no longer a setting; write MODEL=provider:model",
      "REDIS_URL",
    ];
    for (const name of names) expect(output).toContain(name);
    expect(output).not.toContain("canary");
  });

  it.each([
    ["no key at all", { PRIVATE_KEY: "canary-key" }, "PRIVATE_KEY: holds no RSA private key"],
    [
      "a file that is not there",
      { PRIVATE_KEY_PATH: "/canary/key.pem" },
      "PRIVATE_KEY_PATH: the file cannot be read",
    ],
    [
      "a file that holds no key",
      { PRIVATE_KEY_PATH: "/etc/hostname" },
      "PRIVATE_KEY_PATH: holds no RSA private key",
    ],
  ])("%s for the App is found before anything is started", async (...[, key, problem]) => {
    const env = { WEBHOOK_SECRET: SECRET, APP_ID: "1", ...key };

    const { code, output } = await start("src/start.ts", env);

    expect(code).toBe(1);
    expect(output).toContain(problem);
    expect(output).not.toContain("canary-key");
  });

  it("npm start shows what every process lacks, not only the first", async () => {
    const port = await freePort();
    const { code, output } = await start("src/start.ts", {
      WEBHOOK_SECRET: SECRET,
      APP_ID: "1",
      PRIVATE_KEY,
      PORT: String(await freePort()),
      DATABASE_URL: `postgres://user:canary-password@127.0.0.1:${port}/nexus`,
      REDIS_URL: `redis://:canary-password@127.0.0.1:${port}`,
      DOCKER_HOST: `unix://${folder}/no-docker.sock`,
    });

    expect(code).toBe(1);
    for (const name of ["The web process", "The publisher", "The worker"]) {
      expect(output).toContain(`${name} cannot start`);
    }
    expect(output).toMatch(/docker/i);
    expect(output).toMatch(/REDIS_URL/);
    expect(output).not.toContain("canary-password");
  });

  it("a worker lists an unreachable Postgres, Redis and Docker together", async () => {
    const port = await freePort();
    const { code, output } = await start("jobs/worker/main.ts", {
      DATABASE_URL: `postgres://user:canary-password@127.0.0.1:${port}/nexus`,
      REDIS_URL: `redis://:canary-password@127.0.0.1:${port}`,
      BROKER_KEY: "0123456789abcdef0123456789abcdef",
      DOCKER_HOST: `unix://${folder}/no-docker.sock`,
    });

    expect(code).toBe(1);
    expect(output).toMatch(/postgres|database/i);
    expect(output).toMatch(/redis/i);
    expect(output).toMatch(/docker/i);
    expect(output).not.toContain("canary-password");
  });

  it("a worker that the token broker does not know is told which key to compare", async () => {
    const url = `http://127.0.0.1:${await freePort()}`;
    const key = "the-key-of-the-broker-0123456789abcdef";
    await using _broker = await startTokenBroker({ url, key, mint: async () => undefined });

    const { code, output } = await start("jobs/worker/main.ts", {
      DATABASE_URL: `postgres://user@127.0.0.1:${await freePort()}/nexus`,
      REDIS_URL: `redis://127.0.0.1:${await freePort()}`,
      BROKER_URL: url,
      BROKER_KEY: "canary-of-another-key-0123456789abcdef",
      DOCKER_HOST: `unix://${folder}/no-docker.sock`,
    });

    expect(code).toBe(1);
    expect(output).toContain("BROKER_KEY: the token broker does not know it");
    expect(output).not.toContain("canary");
  });

  it("a Redis that may evict is refused", async () => {
    await using database = await freshDatabase(inject("databaseUrl"));
    await using redis = await startRedis("--maxmemory-policy", "allkeys-lru");

    const { code, output } = await start("jobs/publisher/main.ts", {
      DATABASE_URL: database.url,
      REDIS_URL: redis.url,
      APP_ID: "1",
      PRIVATE_KEY,
      BROKER_KEY: "0123456789abcdef0123456789abcdef",
    });

    expect(code).toBe(1);
    expect(output).toContain("maxmemory-policy is allkeys-lru");
    expect(output).toContain("noeviction");
  });

  it("the web process refuses a missing, a short and a known secret", async () => {
    const env = { DATABASE_URL: inject("databaseUrl") };
    for (const secret of ["", "development", SECRET.slice(0, 31), "a".repeat(40)]) {
      const { code, output } = await start("src/main.ts", { ...env, WEBHOOK_SECRET: secret });

      expect(code).toBe(1);
      expect(output).toContain("WEBHOOK_SECRET");
      expect(output).not.toContain(SECRET.slice(0, 12));
    }
  });
});
