import type Docker from "dockerode";
import type { WayOut } from "../egress/egress.ts";
import { trustEnv } from "./set-up-container.ts";
import { watchSetUp } from "./set-up-disk.ts";
import { noProgram, tooLarge } from "./set-up-failure.ts";
import type { SetUp, SetUpSite } from "./set-up-job.ts";
import { createShell, type Shell } from "./set-up-shell.ts";
import type { StackPlan } from "./stacks/stack.ts";

const MB = 1024 * 1024;

/** What of a set-up is done in one container. */
export interface Phase {
  /** Undefined for the engine's own runtime. */
  readonly runtime: string | undefined;
  /** Fetches what stacks need, with a way out. */
  readonly fetches: boolean;
  /** Runs the scripts of packages, without one. */
  readonly builds: boolean;
  /** The repository's own commands have a way out too. */
  readonly hasWayOut: boolean;
}

/** A set-up in its container. */
export interface Running {
  readonly job: SetUp;
  readonly workspace: string;
  readonly container: Docker.Container;
  /** When its time is over. */
  readonly until: number;
}

/** Runs one phase; tells which programs the image lacks. Throws `sandbox.setup-failed` for a command that fails. */
export async function runPhase(
  site: SetUpSite,
  { phase, ...running }: Running & { readonly phase: Phase },
  signal: AbortSignal,
): Promise<readonly string[]> {
  const { job, container, until } = running;
  const { diskMb } = site.limits;
  const disk = watchSetUp(container, { workspace: running.workspace, maxBytes: diskMb * MB });
  const { plan } = job;
  const shell = createShell({ container, plan, uid: site.uid, diskMb, disk, until, signal });
  try {
    const steps = { job, container, shell, phase, signal };
    const lacking = plan.commands ? await runOwn(site, steps) : await runStacks(site, steps);
    // What is installed stays on the disk for other sessions, so it is counted once more at the end.
    if ((await disk.count()) > diskMb * MB) throw tooLarge(diskMb);
    return lacking;
  } catch (error) {
    throw disk.full.aborted ? tooLarge(diskMb) : error;
  } finally {
    disk.stop();
  }
}

interface Steps extends Pick<Running, "job" | "container"> {
  readonly phase: Phase;
  readonly shell: Shell;
  readonly signal: AbortSignal;
}

async function runOwn(site: SetUpSite, steps: Steps): Promise<readonly string[]> {
  const { plan } = steps.job;
  await using way = steps.phase.hasWayOut ? await openWay(site, steps) : undefined;
  const env = { ...plan.env, ...plan.setUpEnv, ...trustEnv(site.certificates) };
  for (const command of plan.commands ?? []) await steps.shell.run(command, { env, way });
  return [];
}

async function runStacks(site: SetUpSite, steps: Steps): Promise<readonly string[]> {
  const { job, shell, phase } = steps;
  const { stacks } = job.plan;
  const able: StackPlan[] = [];
  for (const stack of stacks) if (await shell.has(stack.program)) able.push(stack);
  const lacking = stacks.flatMap((stack) => (able.includes(stack) ? [] : stack.program));
  if (able.length === 0) throw noProgram(job.image, lacking);
  if (phase.fetches) {
    await using way = await openWay(site, steps);
    await runEach(steps, able, { of: "fetch", way, trust: trustEnv(site.certificates), lacking });
  }
  // From here on there is no network: what runs now may be the code of packages.
  if (phase.builds) await runEach(steps, able, { of: "build", lacking });
  return lacking;
}

interface Part {
  readonly of: "fetch" | "build";
  readonly way?: WayOut;
  readonly trust?: Readonly<Record<string, string>>;
  readonly lacking: readonly string[];
}

async function runEach({ job, shell }: Steps, stacks: readonly StackPlan[], part: Part) {
  const { PATH = "" } = job.plan.env;
  for (const stack of stacks) {
    const env = { ...stack.env, ...stack.setUpEnv, PATH, ...part.trust };
    for (const command of stack[part.of])
      await shell.run(command, { env, way: part.way, lacking: part.lacking });
  }
}

async function openWay(site: SetUpSite, { job, container, signal }: Steps): Promise<WayOut> {
  const { labels, hosts } = job;
  return await site.egress.open({ containerId: container.id, labels, hosts }, signal);
}
