import { randomUUID } from "node:crypto";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { MemorySaver } from "@langchain/langgraph";
import { DEFAULT_LIMITS } from "../../sandbox/container/limits.ts";
import { createDockerSandbox } from "../../sandbox/docker-sandbox.ts";
import type { EffectResult } from "../../src/core/effect.ts";
import type { Platform } from "../../src/core/platform.ts";
import { checkoutInto } from "../../src/git/checkout.ts";
import { createMirrors } from "../../src/git/mirrors.ts";
import { openModel } from "../../src/models/open-model.ts";
import { runTask } from "../../src/pipeline/run-task.ts";
import type { StageName } from "../../src/pipeline/task-graph.ts";
import type { Desk, Memory, Workbench } from "../../src/pipeline/workbench.ts";
import { createArchitect } from "../../src/swarm/architect.ts";
import { createWorker } from "../../src/swarm/worker.ts";
import { swarmPrompts } from "../fakes/swarm-prompts.ts";
import { initBare } from "../world/github/git.ts";
import { writeCommit } from "../world/github/write-commit.ts";
import type { Script } from "../world/model/script.ts";
import { startScriptedModel } from "../world/model/scripted-model.ts";

const LIMIT_MS = 600_000;

interface Job {
  readonly files: Readonly<Record<string, string>>;
  readonly script: Script;
  /** Workers at once. */
  readonly workers: number;
}

interface Workshop extends AsyncDisposable {
  /** Runs one task to its pull request; seconds of each stage. Throws where the task ends otherwise. */
  run(job: Job): Promise<ReadonlyMap<StageName, number>>;
}

/**
 * The product's own road in this process: mirror, sandbox, merge and model over HTTP are the real ones.
 * What needs servers (record, platform, outward writes) is held in memory and takes no time.
 */
export async function openWorkshop(): Promise<Workshop> {
  const folder = await mkdtemp(join(tmpdir(), "nexus-bench-"));
  const sandbox = createDockerSandbox({
    image: process.env.SANDBOX_IMAGE ?? "nexus-sandbox:latest",
    folder: join(folder, "sandbox"),
    owner: `bench-${process.pid}`,
    checkout: checkoutInto,
    limits: DEFAULT_LIMITS,
    setUpTimeoutMs: LIMIT_MS,
  });
  await sandbox.probe();
  const mirrors = createMirrors({ folder: join(folder, "mirrors"), allowFile: true });
  return {
    async run({ files, script, workers }) {
      const id = randomUUID();
      const origin = join(folder, "origins", `${id}.git`);
      await seed(origin, files);
      await using server = await startScriptedModel(script);
      const model = openModel({
        provider: "local",
        model: "scripted",
        baseUrl: server.url,
        timeoutMs: LIMIT_MS,
      });
      const repo = { owner: "bench", name: id };
      const bench: Workbench = {
        platform: async () => PLATFORM,
        async mirror() {
          const mirror = await mirrors.open(repo);
          const fetch = (branch: string, signal: AbortSignal) =>
            mirror.fetch({ url: `file://${origin}`, ref: `refs/heads/${branch}`, signal });
          const deepen = async () => [];
          return { ...mirror, fetch, deepen };
        },
        sandbox,
        team: {
          architect: createArchitect({ model, prompts: swarmPrompts }),
          worker: createWorker({ model, prompts: swarmPrompts, limits: { maxSteps: 40 } }),
        },
        syntax: async () => ({ languageOf: () => undefined, parse: () => undefined }),
        desk: desk(),
        memory: memory(),
        keepEvidence: async ({ commit }) => commit,
        limits: { workers, corrections: 0 },
      };
      return await clocked({ ...TASK, id, repo }, bench);
    },
    async [Symbol.asyncDispose]() {
      await sandbox.sweep([]);
      await rm(folder, { recursive: true, force: true });
    },
  };
}

const PERSON = "maria";
const TASK = {
  installationId: 1,
  issue: 1,
  isPullRequest: false,
  commentId: 1,
  requestedBy: PERSON,
  request: "say yes",
} as const;

const PLATFORM: Platform = {
  permission: async () => "write",
  issue: async () => ({ title: "Say yes", body: "", author: PERSON, state: "open" }),
  repository: async () => ({ defaultBranch: "main", private: true }),
  pullRequest: async () => Promise.reject(new Error("There is no pull request.")),
  openPullRequests: async () => [],
  isProtected: async () => false,
};

async function seed(folder: string, files: Job["files"]): Promise<void> {
  await initBare(folder, "main");
  const author = { id: 1, login: PERSON, type: "User" } as const;
  const message = "Initial commit\n";
  await writeCommit(folder, { branch: "main", parent: undefined, files, message, author });
}

async function clocked(
  task: Parameters<typeof runTask>[0]["task"],
  bench: Workbench,
): Promise<ReadonlyMap<StageName, number>> {
  const begun = new Map<StageName, number>();
  const seconds = new Map<StageName, number>();
  const { outcome } = await runTask({
    task,
    bench,
    checkpointer: new MemorySaver(),
    onStage: async (stage, phase) => {
      if (phase === "start") begun.set(stage, performance.now());
      else seconds.set(stage, (performance.now() - (begun.get(stage) ?? 0)) / 1000);
    },
    signal: AbortSignal.timeout(LIMIT_MS),
  });
  if (outcome.kind === "proposed") return seconds;
  throw new Error(`The task ended otherwise: ${JSON.stringify(outcome)}`);
}

/** Every outward write is done at once, and reads back as it was wished. */
function desk(): Desk {
  let head = "";
  return {
    track: async () => undefined,
    async carryOut(_, wish): Promise<EffectResult> {
      const url = "https://github.invalid/bench";
      switch (wish.kind) {
        case "push":
          head = wish.head;
          return { kind: "push", branch: wish.branch, head, tree: wish.tree };
        case "pull-request":
          return { kind: "pull-request", number: 1, url, head };
        case "reaction":
          return { kind: "reaction", id: 1 };
        default:
          return { kind: wish.kind, id: 1, url };
      }
    },
  };
}

function memory(): Memory {
  const kept = new Map<string, unknown>();
  return {
    recall: async (key) => kept.get(key),
    remember: async (key, value) => void kept.set(key, value),
    step: async () => undefined,
  };
}
