import { constants } from "node:fs";
import { copyFile, rm } from "node:fs/promises";
import { join } from "node:path";
import { killContainer } from "../command/command-runner.ts";
import { layerSize } from "../command/layer-size.ts";
import { hasOwnNetwork } from "../egress/own-network.ts";
import { own } from "../mirror/ownership.ts";
import type { Made } from "./environment-store.ts";
import { removeImage } from "./images.ts";
import { addedBytes, keepImage } from "./keep-image.ts";
import { CERTIFICATES, removeSetUp, startSetUp } from "./set-up-container.ts";
import { needsNetwork, tooLarge } from "./set-up-failure.ts";
import { fillWorkspace, keepPaths } from "./set-up-files.ts";
import type { SetUp, SetUpSite } from "./set-up-job.ts";
import type { SetUpPlan } from "./set-up-plan.ts";
import { type Phase, runPhase } from "./set-up-steps.ts";
import { type SetUpWorkspace, sentWorkspace, sharedWorkspace } from "./set-up-workspace.ts";

const MB = 1024 * 1024;

/**
 * Installs what a plan names and keeps it: as an image where it lies outside of the workspace, as a layer
 * where it lies in it. Throws `sandbox.setup-failed` naming the command, with the end of what it wrote, and
 * `sandbox.not-allowed` for own commands that are to reach hosts under a runtime that cannot.
 */
export async function setUp(site: SetUpSite, job: SetUp, signal: AbortSignal): Promise<Made> {
  const { plan, folder, labels } = job;
  const phases = phasesOf(site, job);
  const workspace = join(folder, "workspace");
  const keptPaths = await fillWorkspace(workspace, plan, job.tree);
  if (site.certificates !== undefined)
    await copyFile(site.certificates, join(folder, CERTIFICATES.slice(1)), constants.COPYFILE_EXCL);
  await own(workspace, site.uid);
  const place = { ...site, labels, workspace };
  const isSent = (await site.mirrorKind?.()) === "upload";
  await using shown = isSent ? await sentWorkspace(place) : sharedWorkspace(place);
  const { image, lacking } = await runPhases(site, { job, shown, workspace, phases }, signal);
  try {
    // Only now nothing can change the workspace any more.
    const layer = join(folder, "layer");
    const collected = await shown.collect();
    if (isSent) await own(collected, site.uid);
    const at = { workspace: collected, layer, uid: site.uid };
    const layers = await keepPaths(at, await keptPaths(collected));
    for (const rest of [workspace, join(folder, "sent")])
      await rm(rest, { recursive: true, force: true });
    const bytes = await layerSize(layer);
    // What an engine keeps where it cannot be watched is known only now.
    if (isSent && bytes > site.limits.diskMb * MB) throw tooLarge(site.limits.diskMb);
    const added = image === undefined ? 0 : await addedBytes(site.docker, image, job.image);
    return { image, layers, bytes: bytes + added, lacking: [...lacking] };
  } catch (error) {
    if (image !== undefined) await removeImage(site.docker, image);
    throw error;
  }
}

/**
 * Where the configured runtime can have no way out, what fetches runs under the engine's own, and scripts and
 * commands, which are code of others, under the configured one.
 */
function phasesOf(site: SetUpSite, { plan, reaches }: SetUp): Phase[] {
  const { runtime, isApart = hasOwnNetwork } = site;
  if (runtime === undefined || !isApart(runtime))
    return [{ runtime, fetches: true, builds: true, hasWayOut: true }];
  if (plan.commands !== undefined && reaches) throw needsNetwork(runtime);
  const within = { runtime, fetches: false, builds: true, hasWayOut: false };
  if (plan.commands !== undefined) return [within];
  const fetching = { runtime: undefined, fetches: true, builds: false, hasWayOut: true };
  return hasScripts(plan) ? [fetching, within] : [fetching];
}

function hasScripts({ stacks }: SetUpPlan): boolean {
  return stacks.some(({ build }) => build.length > 0);
}

interface Phases {
  readonly job: SetUp;
  readonly shown: SetUpWorkspace;
  readonly workspace: string;
  readonly phases: readonly Phase[];
}

interface Done {
  readonly image: string | undefined;
  readonly lacking: readonly string[];
}

/** Each in a container of its own, over what the one before has left. */
async function runPhases(site: SetUpSite, at: Phases, signal: AbortSignal): Promise<Done> {
  const until = performance.now() + site.setUpTimeoutMs;
  let done: Done = { image: undefined, lacking: [] };
  for (const phase of at.phases) {
    const { image } = done;
    try {
      done = await runIn(site, { ...at, phase, image, until }, signal);
    } catch (error) {
      if (image !== undefined) await removeImage(site.docker, image);
      throw error;
    }
  }
  return done;
}

interface InPhase extends Phases {
  readonly phase: Phase;
  /** What the phase before has left. */
  readonly image: string | undefined;
  readonly until: number;
}

async function runIn(site: SetUpSite, at: InPhase, signal: AbortSignal): Promise<Done> {
  const { job, shown, phase } = at;
  const { keepsTools } = job.plan;
  const image = at.image ?? job.image;
  const from = { ...site, labels: job.labels, image, runtime: phase.runtime, keepsTools };
  const container = await startSetUp(site.docker, { ...from, mount: shown.mount });
  try {
    const lacking = await runPhase(site, { ...at, container }, signal);
    await killContainer(container);
    return { image: keepsTools ? await keepImage(container, job) : undefined, lacking };
  } finally {
    await removeSetUp(container);
  }
}
