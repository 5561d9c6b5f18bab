import { NexusError } from "../../src/core/errors.ts";
import { type Labels, newLabels } from "../container/container.ts";
import { inspectImage } from "../container/image-traits.ts";
import { ask } from "../engine/engine.ts";
import type { Pins } from "../engine/presence.ts";
import { processOf } from "../session-name.ts";
import type { Environment, EnvironmentNeed, Environments } from "./environment.ts";
import { type EnvironmentStore, type Kept, keepEnvironments } from "./environment-store.ts";
import {
  type BaseImage,
  type ImageSource,
  MADE_LABEL,
  orRelease,
  removeImage,
  takeBaseImage,
} from "./images.ts";
import { requireFree } from "./installed-paths.ts";
import { setUp } from "./set-up.ts";
import { lackingNote } from "./set-up-failure.ts";
import type { SetUpSite } from "./set-up-job.ts";
import { hostsOf, imageEnv, planSetUp, type SetUpPlan } from "./set-up-plan.ts";

/** Where environments are made, and what they may take. */
export interface EnvironmentSite extends SetUpSite, Omit<ImageSource, "store" | "pullTimeoutMs"> {
  /** Folder of Nexus' own for what is made. */
  readonly root: string;
  readonly pins: Pins;
  readonly owner: string;
  /** Hosts that set-ups may reach, and those that a repository may name for its set-up and its runs. */
  readonly setUpHosts: readonly string[];
  readonly allowedHosts: readonly string[];
  readonly budgetBytes: number;
  readonly npmRegistry?: string | undefined;
  /** Sessions that this process uses; a set-up, which several may wait for, is one of its own. */
  readonly inUse?: Set<string> | undefined;
  /** Hears what a task has to know of its environment. */
  readonly onOutput?: ((taskId: string, text: string) => void) | undefined;
}

// A storm of openers must not run into the same wall again and again.
const REMEMBERED_MS = 60_000;

/** Makes environments, each once, and keeps them within their budget. */
export function createEnvironments(site: EnvironmentSite): Environments {
  const store = keepEnvironments({
    ...site,
    hasImage: (id) => hasImage(site, id),
    removeImage: (id) => removeImage(site.docker, id),
  });
  const images = { ...site, store, pullTimeoutMs: site.setUpTimeoutMs };
  const failures = rememberFailures();

  async function make(need: EnvironmentNeed, at: Making, signal: AbortSignal) {
    const { plan, base, hosts } = at;
    const reaches = (need.wish?.network ?? []).length > 0;
    const name = JSON.stringify([plan.key, hosts]);
    failures.throwKnown(name);
    try {
      const kept = await store.take(
        plan.key,
        async (folder, going) => {
          const labels = await labelsOf(site);
          using _ = inUse(site, labels["nexus.session"]);
          const job = { ...need, labels, plan, image: base.id, hosts, reaches, folder };
          return await setUp(site, job, going);
        },
        signal,
      );
      return kept;
    } catch (error) {
      if (isFinal(error)) failures.remember(name, error);
      throw error;
    }
  }

  return {
    async take(need, signal) {
      const { network, refused } = hostsOf(need.wish, site.allowedHosts);
      if (refused.length > 0) throw hostsRefused(refused);
      const base = await takeBaseImage(images, need.wish?.image, signal);
      return await orRelease(base, async () => {
        const { owner, npmRegistry } = site;
        const from = { owner, image: base.id, path: base.path, rules: { npmRegistry } };
        const plan = planSetUp(need, from);
        if (!plan) return bare(base, network);
        const hosts = [...new Set([...site.setUpHosts, ...registryOf(npmRegistry), ...network])];
        const kept = await make(need, { plan, base, hosts }, signal);
        await orRelease(kept, async () => requireFree(need.tree, kept.record.layers));
        const note = lackingNote(kept.record.lacking ?? []).trim();
        if (note !== "") site.onOutput?.(need.labels["nexus.task"], `${note}\n`);
        void store.tidy().catch(() => undefined);
        return environmentOf({ plan, base, network }, kept);
      });
    },
    async tidy() {
      await store.tidy();
      await removeStray(site, store);
    },
  };
}

interface Making {
  readonly plan: SetUpPlan;
  readonly base: BaseImage;
  readonly hosts: readonly string[];
}

// Whoever happens to come first may leave or be ended before the others, and takes nothing along.
async function labelsOf({ owner, pins }: EnvironmentSite): Promise<Labels> {
  return newLabels({ owner, process: await pins.process(), taskId: "set-up" });
}

/** A sweep of this process keeps away until it is disposed. */
function inUse(site: EnvironmentSite, session: string): Disposable {
  site.inUse?.add(session);
  return { [Symbol.dispose]: () => void site.inUse?.delete(session) };
}

/** The operator's own registry need not be named twice. */
function registryOf(url: string | undefined): string[] {
  return url === undefined ? [] : [new URL(url).hostname];
}

function environmentOf(
  at: { readonly plan: SetUpPlan; readonly base: BaseImage; readonly network: readonly string[] },
  kept: Kept,
): Environment {
  const installed = new Set(kept.record.layers);
  return {
    image: kept.record.image ?? at.base.id,
    layers: installed.size === 0 ? [] : [`${kept.folder}/layer`],
    pass: (path) => installed.has(path),
    env: at.plan.env,
    network: at.network,
    async release() {
      await kept.release();
      await at.base.release();
    },
  };
}

function bare(base: BaseImage, network: readonly string[]): Environment {
  return {
    image: base.id,
    layers: [],
    pass: () => false,
    env: imageEnv(base.path),
    network,
    release: base.release,
  };
}

async function hasImage({ docker }: EnvironmentSite, id: string): Promise<boolean> {
  try {
    await inspectImage(docker, id);
    return true;
  } catch (error) {
    if (error instanceof NexusError && error.code === "sandbox.image-missing") return false;
    throw error;
  }
}

/** Images of ours that nothing kept belongs to: their process ended before it had written them down. */
async function removeStray(site: EnvironmentSite, store: EnvironmentStore): Promise<void> {
  const label = [`${MADE_LABEL}.owner=${site.owner}`];
  const found = await ask("list images", (abortSignal) =>
    site.docker.listImages({ filters: { label }, abortSignal }),
  );
  const kept = await store.images();
  for (const { Id, Labels, RepoTags } of found) {
    // A label can be forged by an image that somebody else pulled; its name cannot.
    if (kept.has(Id) || !(RepoTags ?? []).every((tag) => OURS.test(tag))) continue;
    const process = processOf(Labels?.[`${MADE_LABEL}.session`] ?? "");
    if (process === undefined || (await site.pins.lifeOf(process)) === "living") continue;
    await removeImage(site.docker, Id);
  }
}

const OURS = /^(?:nexus-environment:[0-9a-f]{40}|<none>:<none>)$/;

/** Failures for a short time, by what failed. */
function rememberFailures() {
  const known = new Map<string, { readonly error: NexusError; readonly until: number }>();
  return {
    throwKnown(name: string): void {
      const failure = known.get(name);
      if (failure && performance.now() < failure.until) throw failure.error;
    },
    remember(name: string, error: NexusError): void {
      const now = performance.now();
      for (const [old, { until }] of known) if (until < now) known.delete(old);
      known.set(name, { error, until: now + REMEMBERED_MS });
    },
  };
}

function isFinal(error: unknown): error is NexusError {
  return error instanceof NexusError && error.code === "sandbox.setup-failed" && !error.retryable;
}

function hostsRefused(hosts: readonly string[]): NexusError {
  const names = hosts.join(", ");
  return new NexusError("sandbox.not-allowed", `The hosts ${names} are not allowed here.`, {
    hint: `Remove them from \`network:\` in .github/nexus.yml, or let the operator add them to SANDBOX_NETWORK.`,
  });
}
