import { type ChildProcess, spawn } from "node:child_process";
import { generateKeyPairSync } from "node:crypto";
import { once } from "node:events";
import { mkdtemp, readdir, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { afterAll, beforeAll, expect, it } from "vitest";
import { freePort } from "../world/free-port.ts";
import { until } from "../world/until.ts";

const ROOT = resolve(import.meta.dirname, "../..");
const ROLES = ["src/main.ts", "jobs/publisher/main.ts", "jobs/worker/main.ts"];
/** Who may know which secret, by the entry of the process. */
const SECRETS: Readonly<Record<string, string>> = {
  WEBHOOK_SECRET: "src/main.ts",
  PRIVATE_KEY: "jobs/publisher/main.ts",
  LOCAL_MODEL_KEY: "jobs/worker/main.ts",
  ANTHROPIC_API_KEY: "jobs/worker/main.ts",
};

let folder: string;
let start: ChildProcess;
let port: number;
let output = "";
const waiting = () => output.match(/"msg":"(waiting for|publishing)/g)?.length ?? 0;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "npm-start-"));
  port = await freePort();
  const key = generateKeyPairSync("rsa", { modulusLength: 2048 }).privateKey;
  start = spawn(process.execPath, [join(ROOT, "src/start.ts")], {
    env: {
      PATH: process.env.PATH,
      NEXUS_FOLDER: folder,
      PORT: String(port),
      BROKER_URL: `http://127.0.0.1:${await freePort()}`,
      GITHUB_URL: `http://127.0.0.1:${await freePort()}`,
      SANDBOX_OWNER: `test-${port}`,
      WEBHOOK_SECRET: "5f1c9a7be2d04863a1f5c7d9e8b60342",
      APP_ID: "1",
      PRIVATE_KEY: String(key.export({ type: "pkcs8", format: "pem" })),
      MODEL: "local:scripted",
      LOCAL_MODEL_KEY: "sk-of-the-test-0123456789",
      ANTHROPIC_API_KEY: "sk-not-used-by-the-test-0123456789",
      LOCAL_MODEL_URL: `http://127.0.0.1:${await freePort()}`,
      UNKNOWN_SECRET: "of-the-machine",
    },
    stdio: ["ignore", "pipe", "pipe"],
  });
  for (const stream of [start.stdout, start.stderr]) {
    stream?.setEncoding("utf8").on("data", (text: string) => {
      output += text;
    });
  }
  await until(() => waiting() === ROLES.length, {
    what: "the three processes to wait for work",
    orFail: () => start.exitCode !== null && output,
    tell: () => output,
  });
});
afterAll(async () => {
  start.kill("SIGKILL");
  await rm(folder, { recursive: true, force: true });
});

/** The processes below this one, by what they run and what they were given. */
async function family(): Promise<{ command: string; environment: string }[]> {
  const pids = (await readdir("/proc")).filter((name) => /^\d+$/.test(name));
  const about = async (pid: string) => {
    const [command = "", environment = "", stat = ""] = await Promise.all(
      ["cmdline", "environ", "stat"].map((file) =>
        readFile(`/proc/${pid}/${file}`, "utf8").catch(() => ""),
      ),
    );
    const parent = Number(stat.split(") ").at(-1)?.split(" ")[1]);
    return { command: command.replaceAll("\0", " "), environment, parent };
  };
  const all = await Promise.all(pids.map(about));
  return all.filter(({ parent }) => parent === start.pid);
}

it("starts the servers and the three processes, each with its own secrets and no others", async () => {
  const children = await family();

  expect(await (await fetch(`http://127.0.0.1:${port}/health`)).text()).toBe("ok\n");
  for (const role of ROLES) {
    const given = children.find(({ command }) => command.includes(role))?.environment ?? "";
    expect(given).toContain("DATABASE_URL=");
    expect(given).not.toContain("UNKNOWN_SECRET");
    for (const [name, owner] of Object.entries(SECRETS)) {
      expect([role, name, given.includes(`${name}=`)]).toEqual([role, name, owner === role]);
    }
  }
});

it("stops all of them when it is told to, and ends with 0", async () => {
  const before = await family();

  start.kill("SIGTERM");
  const [code] = await once(start, "exit");

  expect(code).toBe(0);
  expect(before.length).toBeGreaterThanOrEqual(ROLES.length);
  await expect(fetch(`http://127.0.0.1:${port}/health`)).rejects.toThrow();
  expect(await readdir(join(folder, "postgres", "data"))).not.toContain("postmaster.pid");
});
