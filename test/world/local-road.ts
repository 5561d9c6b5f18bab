import { randomUUID } from "node:crypto";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { MemorySaver } from "@langchain/langgraph";
import { boundedSignal } from "../../jobs/bounded-signal.ts";
import { DEFAULT_LIMITS } from "../../sandbox/container/limits.ts";
import { createDockerSandbox, type DockerSandbox } from "../../sandbox/docker-sandbox.ts";
import type { EffectWish } from "../../src/core/effect.ts";
import type { Mirror } from "../../src/core/git.ts";
import type { Model } from "../../src/core/model.ts";
import type { Outcome } from "../../src/core/outcome.ts";
import type { Platform } from "../../src/core/platform.ts";
import type { Sandbox } from "../../src/core/sandbox.ts";
import type { Task } from "../../src/core/task.ts";
import { checkoutInto } from "../../src/git/checkout.ts";
import { createMirrors, type Mirrors } from "../../src/git/mirrors.ts";
import { outcomeOfError } from "../../src/pipeline/outcome-of-error.ts";
import { runTask, stateOf } from "../../src/pipeline/run-task.ts";
import type { StageName } from "../../src/pipeline/task-graph.ts";
import type { TaskState } from "../../src/pipeline/task-state.ts";
import type { Memory, Workbench } from "../../src/pipeline/workbench.ts";
import { createArchitect } from "../../src/swarm/architect.ts";
import { Step } from "../../src/swarm/step.ts";
import { createWorker } from "../../src/swarm/worker.ts";
import { createSyntax } from "../../src/syntax/create-syntax.ts";
import { swarmPrompts } from "../fakes/swarm-prompts.ts";
import { initBare } from "./github/git.ts";
import { writeCommit } from "./github/write-commit.ts";
import { createRoadDesk } from "./road-desk.ts";

const LIMIT_MS = 600_000;

/** A repository and what is asked of it. */
export interface RoadTask {
  readonly files: Readonly<Record<string, string>>;
  readonly request: string;
  readonly title?: string;
  readonly body?: string;
  readonly model: Model;
  /** Who corrects what the first one could not. */
  readonly otherModel?: Model;
  readonly account?: Workbench["account"];
  readonly limits: Workbench["limits"];
  /** Told of what happens. */
  readonly tell?: Workbench["tell"] | undefined;
  readonly slots?: Workbench["slots"];
}

/** How it ended, how many seconds each stage took, and all steps of all agents in their order. */
export interface RoadEnd {
  /** What is known of it, also where it was thrown out of its road. */
  readonly state: Partial<TaskState>;
  readonly outcome: Outcome | typeof ASKS;
  readonly seconds: ReadonlyMap<StageName, number>;
  readonly steps: readonly { readonly agent: string; readonly step: Step }[];
  readonly mirror: Mirror;
  /** The bare repository that was worked on, with what was pushed. */
  readonly origin: string;
  readonly outward: readonly EffectWish[];
}

/** The product's own road in this process. */
export interface LocalRoad extends AsyncDisposable {
  readonly sandbox: Sandbox;
  run(task: RoadTask): Promise<RoadEnd>;
}

/**
 * Mirror, sandbox, merge and models are the real ones, unless another sandbox is given. What needs servers (record,
 * platform, outward writes) is held in memory and takes no time.
 */
export async function openLocalRoad(owner: string, given?: Sandbox): Promise<LocalRoad> {
  const folder = await mkdtemp(join(tmpdir(), `nexus-${owner}-`));
  const docker = given ? undefined : await openDocker(owner, join(folder, "sandbox"));
  const sandbox = given ?? docker;
  if (!sandbox) throw new Error("There is no sandbox.");
  const mirrors = createMirrors({ folder: join(folder, "mirrors"), allowFile: true });
  return {
    sandbox,
    run: (task) => runOn({ folder, sandbox, mirrors }, task),
    async [Symbol.asyncDispose]() {
      await docker?.sweep([]);
      await rm(folder, { recursive: true, force: true });
    },
  };
}

async function openDocker(owner: string, folder: string): Promise<DockerSandbox> {
  const sandbox = createDockerSandbox({
    image: process.env.SANDBOX_IMAGE ?? "nexus-sandbox:latest",
    folder,
    owner: `${owner}-${process.pid}`,
    checkout: checkoutInto,
    limits: DEFAULT_LIMITS,
    setUpTimeoutMs: LIMIT_MS,
  });
  await sandbox.probe();
  return sandbox;
}

interface Place {
  readonly folder: string;
  readonly sandbox: Sandbox;
  readonly mirrors: Mirrors;
}

async function runOn({ folder, sandbox, mirrors }: Place, given: RoadTask): Promise<RoadEnd> {
  const id = randomUUID();
  const origin = join(folder, "origins", `${id}.git`);
  await seed(origin, given.files);
  const { model, otherModel, limits, account, slots, tell = () => undefined } = given;
  const repo = { owner: "road", name: id };
  const task = { ...TASK, id, repo, request: given.request };
  const desk = createRoadDesk(task, origin);
  const mirror = await mirrors.open(repo);
  const steps: { agent: string; step: Step }[] = [];
  const fetch = (branch: string, signal: AbortSignal) =>
    mirror.fetch({ url: `file://${origin}`, ref: `refs/heads/${branch}`, signal });
  const bench: Workbench = {
    platform: async () => platformOf(given),
    mirror: async () => ({ ...mirror, fetch, deepen: async () => [] }),
    sandbox,
    team: {
      architect: createArchitect({ model, prompts: swarmPrompts }),
      worker: createWorker({ model, prompts: swarmPrompts }),
      otherWorker: otherModel && createWorker({ model: otherModel, prompts: swarmPrompts }),
    },
    syntax: parsers,
    desk,
    memory: memory((agent, step) => steps.push({ agent, step })),
    tell,
    keepEvidence: async ({ commit }) => commit,
    limits,
    account,
    slots,
  };
  const { told, ...end } = await clocked(task, bench);
  desk.end(end.state, told);
  return { ...end, steps, mirror, origin, outward: desk.outward };
}

/** Of all roads of this process. */
let made: ReturnType<typeof createSyntax> | undefined;
const parsers = () => (made ??= createSyntax());

const PERSON = "maria";
const TASK = {
  installationId: 1,
  issue: 1,
  isPullRequest: false,
  commentId: 1,
  requestedBy: PERSON,
} as const;

function platformOf({ title = "Something is to do", body = "" }: RoadTask): Platform {
  return {
    permission: async () => "write",
    issue: async () => ({ title, body, author: PERSON, state: "open" }),
    repository: async () => ({ defaultBranch: "main", private: true }),
    pullRequest: async () => Promise.reject(new Error("There is no pull request.")),
    openPullRequests: async () => [],
    isProtected: async () => false,
  };
}

async function seed(folder: string, files: RoadTask["files"]): Promise<void> {
  await initBare(folder, "main");
  const author = { id: 1, login: PERSON, type: "User" } as const;
  const message = "Initial commit\n";
  await writeCommit(folder, { branch: "main", parent: undefined, files, message, author });
}

/** The plan asks people something, and nobody here answers. */
const ASKS = { kind: "asks" } as const;

async function clocked(task: Task, bench: Workbench) {
  const begun = new Map<StageName, number>();
  const seconds = new Map<StageName, number>();
  const checkpointer = new MemorySaver();
  const onStage = async (stage: StageName, phase: "start" | "end") => {
    if (phase === "start") begun.set(stage, performance.now());
    else seconds.set(stage, (performance.now() - (begun.get(stage) ?? 0)) / 1000);
  };
  using bounds = boundedSignal([], LIMIT_MS);
  const { signal } = bounds;
  try {
    const ended = await runTask({ task, bench, checkpointer, onStage, signal });
    const { state } = ended;
    if ("question" in ended) return { outcome: ASKS, told: ended, state, seconds };
    return { outcome: ended.outcome, told: ended, state, seconds };
  } catch (error) {
    const outcome = outcomeOfError(error);
    if (!outcome) throw error;
    return { outcome, told: { outcome }, state: await stateOf(checkpointer, task.id), seconds };
  }
}

function memory(onStep: (agent: string, step: Step) => void): Memory {
  const kept = new Map<string, unknown>();
  return {
    recall: async (key) => kept.get(key),
    remember: async (key, value) => void kept.set(key, value),
    // What an architect was told is kept beside its steps.
    step: async (agent, step) => {
      const { success, data } = Step.safeParse(step);
      if (success) onStep(agent, data);
    },
  };
}
