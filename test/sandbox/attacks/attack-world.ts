import { randomUUID } from "node:crypto";
import { existsSync } from "node:fs";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import Docker from "dockerode";
import { DEFAULT_LIMITS, type SandboxLimits } from "../../../sandbox/container/limits.ts";
import type { DockerSandbox } from "../../../sandbox/docker-sandbox.ts";
import { NexusError, type RefusedPath } from "../../../src/core/errors.ts";
import type { EnvironmentWish, SandboxSession } from "../../../src/core/sandbox.ts";
import { checkoutInto } from "../../../src/git/checkout.ts";
import { writeDelta } from "../../../src/git/delta.ts";
import type { FetchingMirror } from "../../../src/git/mirrors.ts";
import { nearestBase } from "../../../src/git/nearest-base.ts";
import { openWorktree } from "../../../src/git/worktree.ts";
import { type TestSandbox, testSandbox } from "../test-sandbox.ts";
import { makeCheckout, makeMirror, messageOf } from "./attacked-repository.ts";
import { checksum, machineState, survivorsOf } from "./host.ts";

/** What an attack can use, and what it wants to get at. */
export interface AttackWorld extends AsyncDisposable {
  readonly sandbox: DockerSandbox;
  readonly owner: string;
  /** In the environment of every command, and nowhere else. */
  readonly mark: string;
  readonly mirror: FetchingMirror;
  readonly commit: string;
  /** Secrets that lie around Nexus. */
  readonly canaries: readonly string[];
  /** Would make a file on this machine. */
  readonly canaryProgram: string;
  open(taskId?: string, environment?: EnvironmentWish): Promise<SandboxSession>;
  /** A session of a sandbox of its own, with other limits or in a folder of another name. */
  openWith(limits: Partial<SandboxLimits>, folder?: string): Promise<OwnSession>;
  /** The code of the error; what is opened all the same is closed. */
  errorOf(work: () => Promise<unknown>): Promise<unknown>;
  refusalOf(session: SandboxSession): Promise<Refusal>;
  /** Runs a script, commits what it changed, and moves a worktree there. */
  carryOut(script: string): Promise<CarriedOut>;
  messageOf(commit: string): Promise<string>;
  containerStates(taskId: string): Promise<readonly string[]>;
  /** Everything outside that an attack could change. */
  hostState(): Promise<unknown>;
  /** What runs of an attack on this machine although everything is closed. */
  leftRunning(): readonly number[];
}

/** A change that was not carried. */
interface Refusal {
  readonly code: unknown;
  readonly paths: readonly RefusedPath[];
}

interface CarriedOut {
  readonly kind: string;
  readonly paths: readonly string[];
  /** The files as they lie in the worktree. */
  readonly texts: Readonly<Record<string, string>>;
  /** Whether the canary program was run. */
  readonly started: boolean;
}

interface OwnSession extends AsyncDisposable {
  readonly session: SandboxSession;
}

const LIMITS: SandboxLimits = {
  ...DEFAULT_LIMITS,
  memoryMb: 512,
  cpus: 1,
  pids: 256,
  tmpMb: 64,
  timeoutMs: 120_000,
  silenceMs: 120_000,
  outputBytes: 65_536,
  diskMb: 192,
};

/** A person's checkout full of secrets, Nexus' mirror of it, and a sandbox over that mirror. */
export async function attackWorld(runtime: string | undefined): Promise<AttackWorld> {
  const folder = await mkdtemp(join(tmpdir(), "nexus-attacks-"));
  const canaries = Array.from({ length: 5 }, () => `canary-${randomUUID().slice(0, 8)}`);
  const [inEnvironment = "", inMirror = "", ...inCheckout] = canaries;
  const mark = `mark-${randomUUID()}`;
  process.env.NEXUS_TEST_CANARY = inEnvironment;
  const checkout = join(folder, "checkout");
  await makeCheckout(checkout, inCheckout);
  const { mirror, commit } = await makeMirror(folder, checkout, inMirror);
  const parts = await testSandbox(optionsOf(runtime));
  const ids = new Set<string>();
  const at = { folder, mirror, commit, parts, runtime, mark, ids };
  const open = async (taskId = "attack", environment?: EnvironmentWish) =>
    await openMarked(at, parts, { taskId, environment });
  await (await open())[Symbol.asyncDispose]();

  const owned = join(folder, "owned");
  return {
    sandbox: parts.sandbox,
    owner: parts.owner,
    mark,
    mirror,
    commit,
    canaries,
    open,
    canaryProgram: `touch ${owned}`,
    openWith: (limits, name) => openOwn(at, limits, name),
    errorOf,
    refusalOf,
    carryOut: async (script) => ({ ...(await carryOut(at, script)), started: existsSync(owned) }),
    messageOf: (id) => messageOf(mirror.gitDir, id),
    containerStates: (taskId) => containerStates(parts.owner, taskId),
    async hostState() {
      const mirrorFiles = ["config", "HEAD"].map((name) =>
        readFile(join(mirror.gitDir, name), "utf8"),
      );
      return {
        sum: await checksum([checkout, join(parts.folder, "bases")]),
        mirror: [...(await Promise.all(mirrorFiles)), existsSync(join(mirror.gitDir, "hooks"))],
        machine: machineState(mark),
        owned: existsSync(owned),
      };
    },
    leftRunning: () => [mark, ...ids].flatMap(survivorsOf),
    async [Symbol.asyncDispose]() {
      delete process.env.NEXUS_TEST_CANARY;
      await parts[Symbol.asyncDispose]();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

interface Place {
  readonly folder: string;
  readonly mirror: FetchingMirror;
  readonly commit: string;
  readonly parts: TestSandbox;
  readonly runtime: string | undefined;
  readonly mark: string;
  readonly ids: Set<string>;
}

function optionsOf(runtime: string | undefined) {
  const deltas = { nearest: nearestBase, write: writeDelta };
  return {
    runtime,
    limits: LIMITS,
    checkout: checkoutInto,
    deltas,
    allowedImages: ["nexus-allowed:*"],
    allowedHosts: ["allowed.example"],
    mirror: "overlay" as const,
  };
}

/** A session whose commands all bear the mark. */
async function openMarked(
  { mirror, commit, mark, ids }: Place,
  { sandbox, owner }: TestSandbox,
  { taskId, environment }: { taskId: string; environment?: EnvironmentWish | undefined },
): Promise<SandboxSession> {
  const workspace = { gitDir: mirror.gitDir, commit, taskId, environment };
  const session = await sandbox.open(workspace, new AbortController().signal);
  const filters = { label: [`nexus.owner=${owner}`] };
  for (const { Id } of await new Docker().listContainers({ filters })) ids.add(Id);
  return {
    ...session,
    run: (command, options = {}) =>
      session.run(command, { ...options, env: { NEXUS_ATTACK: mark, ...options.env } }),
  };
}

async function openOwn(
  at: Place,
  limits: Partial<SandboxLimits>,
  name = "own",
): Promise<OwnSession> {
  const own = await testSandbox({
    ...optionsOf(at.runtime),
    limits: { ...LIMITS, ...limits },
    folder: join(at.folder, name),
  });
  try {
    const session = await openMarked(at, own, { taskId: "own" });
    return {
      session,
      async [Symbol.asyncDispose]() {
        await session[Symbol.asyncDispose]();
        await own[Symbol.asyncDispose]();
      },
    };
  } catch (error) {
    await own[Symbol.asyncDispose]();
    throw error;
  }
}

async function errorOf(work: () => Promise<unknown>): Promise<unknown> {
  try {
    const done = await work();
    if (typeof done === "object" && done && Symbol.asyncDispose in done)
      await (done as AsyncDisposable)[Symbol.asyncDispose]();
    return "no error";
  } catch (error) {
    return error instanceof NexusError ? error.code : error;
  }
}

async function refusalOf(session: SandboxSession): Promise<Refusal> {
  try {
    const edits = await session.changes();
    return { code: "no error", paths: edits.map(({ path }) => ({ path, why: "carried" })) };
  } catch (error) {
    if (!(error instanceof NexusError)) throw error;
    return { code: error.code, paths: error.paths };
  }
}

async function carryOut(at: Place, script: string) {
  await using session = await openMarked(at, at.parts, { taskId: "carry" });
  await session.run(["sh", "-c", script]);
  const edits = await session.changes();
  const { mirror, commit } = at;
  const made = await mirror.commitEdits({ parent: commit, edits, message: "attack" });
  const folder = join(at.folder, `worktree-${randomUUID()}`);
  const worktree = await openWorktree({ gitDir: mirror.gitDir, folder });
  await worktree.update(await worktree.at(), commit);
  const { kind } = await worktree.update(commit, made.commit);
  const paths = made.files.map(({ path }) => path).sort();
  const texts: Record<string, string> = {};
  for (const path of paths) texts[path] = await readFile(join(worktree.folder, path), "utf8");
  return { kind, paths, texts };
}

async function containerStates(owner: string, taskId: string): Promise<readonly string[]> {
  const filters = { label: [`nexus.owner=${owner}`, `nexus.task=${taskId}`] };
  const found = await new Docker().listContainers({ all: true, filters });
  return found.map(({ State }) => State);
}
