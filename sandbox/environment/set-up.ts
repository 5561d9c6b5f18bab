import { constants } from "node:fs";
import { copyFile, rm } from "node:fs/promises";
import { join } from "node:path";
import type Docker from "dockerode";
import { NexusError } from "../../src/core/errors.ts";
import type { FrozenTree } from "../changes/frozen-tree.ts";
import { killContainer } from "../command/command-runner.ts";
import { killed } from "../command/exec-calls.ts";
import { execute } from "../command/execute.ts";
import { layerSize } from "../command/layer-size.ts";
import type { Labels } from "../container/container.ts";
import type { SandboxLimits } from "../container/limits.ts";
import type { Egress, WayOut } from "../egress/egress.ts";
import { ask } from "../engine/engine.ts";
import { own } from "../mirror/ownership.ts";
import type { Made } from "./environment-store.ts";
import { createOutputTail } from "./output-tail.ts";
import { CERTIFICATES, removeSetUp, startSetUp, trustEnv } from "./set-up-container.ts";
import { type SetUpDisk, watchSetUp } from "./set-up-disk.ts";
import { commandFailed, noProgram, tooLarge } from "./set-up-failure.ts";
import { fillWorkspace, keepPaths } from "./set-up-files.ts";
import type { SetUpPlan } from "./set-up-plan.ts";
import { sentWorkspace, sharedWorkspace } from "./set-up-workspace.ts";

const MB = 1024 * 1024;
const OUTPUT_BYTES = 8_192;
const ANSWER_MS = 60_000;

/** Where set-ups run, and under which rules. */
export interface SetUpSite {
  readonly docker: Docker;
  /** Nexus' own image. */
  readonly image: string;
  readonly uid: number;
  readonly limits: SandboxLimits;
  readonly egress: Egress;
  readonly setUpTimeoutMs: number;
  readonly runtime?: string | undefined;
  readonly certificates?: string | undefined;
  /** How mirrors are made: an engine to which they are uploaded does not see Nexus' folder. */
  readonly mirrorKind?: (() => Promise<"overlay" | "copy" | "upload">) | undefined;
}

/** One set-up. */
export interface SetUp {
  readonly plan: SetUpPlan;
  readonly tree: FrozenTree;
  /** Digest of the image to start from. */
  readonly image: string;
  readonly labels: Labels;
  readonly hosts: readonly string[];
  /** Empty folder of its own. */
  readonly folder: string;
}

/**
 * Installs what a plan names and keeps it: as an image where it lies outside of the workspace, as a layer
 * where it lies in it. Throws `sandbox.setup-failed` naming the command, with the end of what it wrote.
 */
export async function setUp(site: SetUpSite, job: SetUp, signal: AbortSignal): Promise<Made> {
  const { plan, folder } = job;
  const workspace = join(folder, "workspace");
  const keptPaths = await fillWorkspace(workspace, plan, job.tree);
  if (site.certificates !== undefined)
    await copyFile(site.certificates, join(folder, CERTIFICATES.slice(1)), constants.COPYFILE_EXCL);
  await own(workspace, site.uid);
  const { image: base, labels } = job;
  const place = { ...site, image: base, labels, workspace };
  const isSent = (await site.mirrorKind?.()) === "upload";
  await using shown = isSent
    ? await sentWorkspace({ ...place, image: site.image })
    : sharedWorkspace(place);
  const { keepsTools } = plan;
  const container = await startSetUp(site.docker, { ...place, mount: shown.mount, keepsTools });
  let image: string | undefined;
  try {
    await runAll(site, { job, workspace, container }, signal);
    await killContainer(container);
    image = keepsTools ? await commit(container, job) : undefined;
  } finally {
    await removeSetUp(container);
  }
  // Only now nothing can change the workspace any more.
  const layer = join(folder, "layer");
  const collected = await shown.collect();
  if (isSent) await own(collected, site.uid);
  const at = { workspace: collected, layer, uid: site.uid };
  const layers = await keepPaths(at, await keptPaths(collected));
  for (const rest of [workspace, join(folder, "sent")])
    await rm(rest, { recursive: true, force: true });
  const added = image === undefined ? 0 : await addedBytes(site.docker, image, job.image);
  return { image, layers, bytes: (await layerSize(layer)) + added };
}

interface Running {
  readonly job: SetUp;
  readonly workspace: string;
  readonly container: Docker.Container;
}

async function runAll(site: SetUpSite, running: Running, signal: AbortSignal): Promise<void> {
  const maxBytes = site.limits.diskMb * MB;
  const disk = watchSetUp(running.container, { workspace: running.workspace, maxBytes });
  const until = performance.now() + site.setUpTimeoutMs;
  const shell = createShell(site, { ...running, disk, until, signal });
  try {
    if (running.job.plan.commands) await runOwn(site, { ...running, shell, signal });
    else await runStacks(site, { ...running, shell, signal });
    // What is installed stays on the disk for other sessions, so it is counted once more at the end.
    if ((await disk.count()) > maxBytes) throw tooLarge(site.limits.diskMb);
  } catch (error) {
    throw disk.full.aborted ? tooLarge(site.limits.diskMb) : error;
  } finally {
    disk.stop();
  }
}

interface Steps extends Running {
  readonly shell: Shell;
  readonly signal: AbortSignal;
}

async function runOwn(site: SetUpSite, { job, container, shell, signal }: Steps): Promise<void> {
  await using way = await openWay(site, { job, container }, signal);
  for (const command of job.plan.commands ?? []) {
    await shell.run(command, { env: { ...job.plan.env, ...trustEnv(site.certificates) }, way });
  }
}

async function runStacks(site: SetUpSite, { job, container, shell, signal }: Steps): Promise<void> {
  const { stacks, env } = job.plan;
  const able = [];
  for (const stack of stacks) if (await shell.has(stack.program)) able.push(stack);
  if (able.length === 0)
    throw noProgram(
      job.image,
      stacks.map(({ program }) => program),
    );
  const path = { PATH: env.PATH ?? "" };
  const envOf = (stack: (typeof stacks)[number]) => ({ ...stack.env, ...stack.setUpEnv, ...path });
  {
    await using way = await openWay(site, { job, container }, signal);
    const trust = trustEnv(site.certificates);
    for (const stack of able)
      for (const command of stack.fetch)
        await shell.run(command, { env: { ...envOf(stack), ...trust }, way });
  }
  // From here on there is no network: what runs now may be the code of packages.
  for (const stack of able)
    for (const command of stack.build) await shell.run(command, { env: envOf(stack) });
}

async function openWay(
  site: SetUpSite,
  { job, container }: Pick<Running, "job" | "container">,
  signal: AbortSignal,
): Promise<WayOut> {
  const { labels, hosts } = job;
  return await site.egress.open({ containerId: container.id, labels, hosts }, signal);
}

interface Step {
  readonly env: Readonly<Record<string, string>>;
  /** Absent where the command has no network. */
  readonly way?: WayOut;
}

interface Shell {
  /** Throws where the command does not succeed. */
  run(command: string, step: Step): Promise<void>;
  has(program: string): Promise<boolean>;
}

interface ShellParts extends Running {
  readonly disk: SetUpDisk;
  readonly until: number;
  readonly signal: AbortSignal;
}

function createShell(site: SetUpSite, parts: ShellParts): Shell {
  const { container, job, disk, until, signal } = parts;

  async function attempt(
    command: string,
    env: Readonly<Record<string, string>>,
    timeoutMs = Math.max(1, until - performance.now()),
  ) {
    const output = createOutputTail(OUTPUT_BYTES);
    const { exitCode } = await execute(container, {
      argv: ["sh", "-c", command],
      user: `${site.uid}:${site.uid}`,
      env,
      timeoutMs,
      signal,
      disk: disk.full,
      onPayload: output.take,
    });
    return { exitCode, output: output.text() };
  }

  return {
    async has(program) {
      const { PATH = "" } = job.plan.env;
      return (await attempt(`command -v ${program} >/dev/null`, { PATH })).exitCode === 0;
    },
    async run(command, { env, way }) {
      const ended = await attempt(command, { ...env, ...javaProxy(way?.env), ...way?.env });
      if (ended.exitCode === 0) return;
      // A limit of the disk cuts a command off too.
      if (disk.full.aborted) throw tooLarge(site.limits.diskMb);
      // A container that is being killed takes its commands with it a moment before: it has to answer once more.
      if ((await attempt("true", {}, ANSWER_MS)).exitCode !== 0) throw killed();
      const attempts = (await way?.attempts().catch(() => [])) ?? [];
      throw commandFailed({ command, ...ended, isOwn: job.plan.commands !== undefined, attempts });
    },
  };
}

/** Java looks for its proxy elsewhere than everybody. */
function javaProxy(env: Readonly<Record<string, string>> = {}): Record<string, string> {
  const proxy = env.HTTPS_PROXY ?? env.https_proxy;
  if (proxy === undefined || !URL.canParse(proxy)) return {};
  const { hostname, port } = new URL(proxy);
  const options = ["http", "https"].map(
    (kind) => `-D${kind}.proxyHost=${hostname} -D${kind}.proxyPort=${port}`,
  );
  return { JAVA_TOOL_OPTIONS: options.join(" ") };
}

async function commit(container: Docker.Container, { plan, labels }: SetUp): Promise<string> {
  const committed: { Id?: string } = await ask(
    "keep what was installed as an image",
    (abortSignal) =>
      container.commit({
        repo: "nexus-environment",
        tag: plan.key,
        pause: false,
        Labels: { ...labels, "nexus.environment": plan.key },
        abortSignal,
      } as object),
    COMMIT_MS,
  );
  if (committed.Id === undefined) {
    throw new NexusError("sandbox.unavailable", "Docker made no image of the set-up.", {
      retryable: true,
    });
  }
  return committed.Id;
}

const COMMIT_MS = 300_000;

async function addedBytes(docker: Docker, image: string, base: string): Promise<number> {
  const size = async (id: string) =>
    (await ask("look for an image", () => docker.getImage(id).inspect())).Size;
  return Math.max(0, (await size(image)) - (await size(base)));
}
