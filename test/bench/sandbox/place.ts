import { randomUUID } from "node:crypto";
import { EventEmitter } from "node:events";
import { existsSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { join } from "node:path";
import Docker from "dockerode";
import { DEFAULT_LIMITS } from "../../../sandbox/container/limits.ts";
import { createDockerSandbox, type DockerSandbox } from "../../../sandbox/docker-sandbox.ts";
import type { SandboxStep } from "../../../sandbox/step.ts";
import type { Mirror } from "../../../src/core/git.ts";
import type { Workspace } from "../../../src/core/sandbox.ts";
import { checkoutInto } from "../../../src/git/checkout.ts";
import { writeDelta } from "../../../src/git/delta.ts";
import { createMirrors } from "../../../src/git/mirrors.ts";
import { nearestBase } from "../../../src/git/nearest-base.ts";
import { generateRepository } from "./generate-repository.ts";
import { runProgram } from "./programs.ts";

/** One repository that everything is measured on. */
export interface Subject {
  readonly files: number;
  readonly commit: string;
  readonly mirror: Mirror;
  /** The files as `git worktree add` writes them, for what runs without a sandbox. */
  readonly checkout: string;
}

/** The product's own sandbox, and a folder for what it is compared with. */
export interface Place extends AsyncDisposable {
  readonly sandbox: DockerSandbox;
  /** Below which the sandbox keeps everything. */
  readonly sandboxFolder: string;
  /** For trees without a sandbox: in memory where the machine offers that, which is in their favour. */
  readonly folder: string;
  /** A subject with a repository of its own, hard-linked to the generated one. */
  subject(cache: string, files: number): Promise<Subject>;
  /** A task of its own over a subject, or over another commit of it. */
  workspace(subject: Subject, commit?: string): Workspace;
  /** The running container of a task. */
  container(workspace: Workspace): Promise<Docker.Container>;
  /** Calls back once, when the sandbox comes to this step. */
  at(step: SandboxStep, then: () => void): void;
}

const SET_UP_MS = 600_000;
const SLOTS = 4;
const MEMORY = "/dev/shm";

/** Opens the sandbox as the worker does, in a folder of its own that is gone afterwards. */
export async function openPlace(below: string): Promise<Place> {
  const own = await mkdtemp(join(below, "run-"));
  const folder = await mkdtemp(join(existsSync(MEMORY) ? MEMORY : below, "nexus-bench-"));
  const sandboxFolder = join(own, "sandbox");
  const steps = new EventEmitter();
  const docker = new Docker();
  const sandbox = createDockerSandbox({
    image: process.env.SANDBOX_IMAGE ?? "nexus-sandbox:latest",
    folder: sandboxFolder,
    owner: `bench-${randomUUID()}`,
    checkout: checkoutInto,
    deltas: { nearest: nearestBase, write: writeDelta },
    limits: DEFAULT_LIMITS,
    setUpTimeoutMs: SET_UP_MS,
    slots: SLOTS,
    onStep: (step) => void steps.emit(step),
  });
  await sandbox.probe();
  const mirrors = createMirrors({ folder: join(own, "mirrors") });
  return {
    sandbox,
    sandboxFolder,
    folder,
    async subject(cache, files) {
      const { gitDir, commit } = await generateRepository(cache, files);
      const repo = { owner: "bench", name: `files-${files}` };
      const mirror = join(own, "mirrors", repo.owner, `${repo.name}.git`);
      await runProgram("git", ["clone", "--quiet", "--bare", gitDir, mirror], { cwd: own });
      const checkout = join(folder, `checkout-${files}`);
      return { files, commit, mirror: await mirrors.open(repo), checkout };
    },
    workspace: ({ mirror, commit }, other) => ({
      gitDir: mirror.gitDir,
      commit: other ?? commit,
      taskId: randomUUID(),
    }),
    async container({ taskId }) {
      const label = [`nexus.task=${taskId}`];
      const [found] = await docker.listContainers({ filters: { label } });
      if (!found) throw new Error("The container is not there.");
      return docker.getContainer(found.Id);
    },
    at: (step, then) => void steps.once(step, then),
    async [Symbol.asyncDispose]() {
      await sandbox[Symbol.asyncDispose]();
      await sandbox.sweep([]);
      for (const one of [own, folder]) await rm(one, { recursive: true, force: true });
    },
  };
}
