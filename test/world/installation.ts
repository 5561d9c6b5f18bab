import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import Docker from "dockerode";
import { SETTINGS } from "../../src/config.ts";
import { freePort } from "./free-port.ts";
import type { GitHubWorld } from "./github/github.ts";
import type { ScriptedModel } from "./model/scripted-model.ts";
import { until } from "./until.ts";

type Role = keyof typeof SETTINGS;

const ENTRY: Record<Role, string> = {
  web: "src/main.ts",
  publisher: "jobs/publisher/main.ts",
  worker: "jobs/worker/main.ts",
};
const ROOT = resolve(import.meta.dirname, "../..");

interface InstallationOptions {
  /** What an installation knows of the GitHub it is for. */
  readonly github: Pick<GitHubWorld, "url" | "app" | "setWebhook">;
  readonly databaseUrl: string;
  readonly redisUrl: string;
  readonly model?: ScriptedModel | undefined;
  readonly env?: Readonly<Record<string, string>>;
  /** Processes to start with; all three where not given. */
  readonly roles?: readonly Role[];
}

/** One process of an installation, as a test sees it. */
interface Running {
  readonly child: ChildProcess;
  /** Everything it printed. */
  readonly output: () => string;
}

/** A whole Nexus in processes of its own, against the world. Each process can be killed and started again. */
export interface Installation extends AsyncDisposable {
  readonly webhookUrl: string;
  readonly folder: string;
  readonly owner: string;
  start(role: Role): Promise<Running>;
  kill(role: Role, signal?: NodeJS.Signals): Promise<void>;
  running(role: Role): Running | undefined;
  /** What all processes printed, those that are gone included. */
  output(): string;
}

/** Starts Nexus' processes; resolves when each says that it waits for work. */
export async function startInstallation(options: InstallationOptions): Promise<Installation> {
  const folder = await mkdtemp(join(tmpdir(), "nexus-"));
  const [webPort, brokerPort] = await Promise.all([freePort(), freePort()]);
  const owner = `test-${webPort}`;
  const env = environment(options, { folder, webPort, brokerPort, owner });
  const processes = new Map<Role, Running>();
  const outputs: (() => string)[] = [];
  const webhookUrl = `http://127.0.0.1:${webPort}/api/github/webhooks`;

  const start = async (role: Role): Promise<Running> => {
    const running = launch(role, env);
    processes.set(role, running);
    outputs.push(running.output);
    await until(() => /"msg":"(waiting for|publishing)/.test(running.output()), {
      what: `the ${role} to be ready`,
      orFail: () => running.child.exitCode !== null && running.output(),
    });
    return running;
  };
  const kill = async (role: Role, signal: NodeJS.Signals = "SIGKILL") => {
    const running = processes.get(role);
    if (!running || running.child.exitCode !== null || running.child.signalCode !== null) return;
    running.child.kill(signal);
    await once(running.child, "exit");
  };
  await Promise.all((options.roles ?? ["web", "publisher", "worker"]).map(start));
  options.github.setWebhook(webhookUrl);
  return {
    webhookUrl,
    folder,
    owner,
    start,
    kill,
    running: (role) => processes.get(role),
    output: () => outputs.map((output) => output()).join("\n"),
    async [Symbol.asyncDispose]() {
      await Promise.all(
        (["web", "publisher", "worker"] as const).map((role) => kill(role, "SIGTERM")),
      );
      await removeHeld(owner);
      await rm(folder, { recursive: true, force: true });
    },
  };
}

/** What was kept for people to look into when no people will. */
async function removeHeld(owner: string): Promise<void> {
  const docker = new Docker();
  const filters = { label: [`nexus.owner=${owner}`] };
  // The engine may still be removing them itself.
  const containers = await docker.listContainers({ all: true, filters });
  await Promise.allSettled(
    containers.map(({ Id }) => docker.getContainer(Id).remove({ force: true, v: true })),
  );
  const { Volumes } = await docker.listVolumes({ filters });
  await Promise.allSettled((Volumes ?? []).map(({ Name }) => docker.getVolume(Name).remove()));
}

function environment(
  { github, databaseUrl, redisUrl, model, env = {} }: InstallationOptions,
  own: { folder: string; webPort: number; brokerPort: number; owner: string },
): Record<string, string> {
  return {
    DATABASE_URL: databaseUrl,
    REDIS_URL: redisUrl,
    NEXUS_FOLDER: own.folder,
    GITHUB_URL: github.url,
    WEBHOOK_SECRET: github.app.webhookSecret,
    APP_ID: String(github.app.id),
    PRIVATE_KEY: github.app.privateKey,
    PORT: String(own.webPort),
    BROKER_URL: `http://127.0.0.1:${own.brokerPort}`,
    BROKER_KEY: "broker-key-of-the-tests-0123456789abcdef",
    SANDBOX_OWNER: own.owner,
    LEASE_SECONDS: "3",
    LOG_LEVEL: "info",
    ...(model && {
      MODEL: "local:scripted",
      LOCAL_MODEL_KEY: MODEL_KEY,
      LOCAL_MODEL_URL: model.url,
    }),
    ...env,
  };
}

/** The key the installation calls the scripted model with. */
export const MODEL_KEY = "sk-scripted-0123456789-abcdefghij";

function launch(role: Role, env: Record<string, string>): Running {
  const names = new Set<string>(SETTINGS[role]);
  const own = Object.fromEntries(Object.entries(env).filter(([name]) => names.has(name)));
  const child = spawn(process.execPath, [join(ROOT, ENTRY[role])], {
    env: { PATH: process.env.PATH, NODE_EXTRA_CA_CERTS: process.env.NODE_EXTRA_CA_CERTS, ...own },
    stdio: ["ignore", "pipe", "pipe"],
  });
  let output = "";
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding("utf8").on("data", (text: string) => {
      output += text;
    });
  }
  return { child, output: () => output };
}
