import type Docker from "dockerode";
import { NexusError } from "../../src/core/errors.ts";
import { captureOutput } from "../command/captured-output.ts";
import { killContainer } from "../command/command-runner.ts";
import { watchDisk } from "../command/disk-watch.ts";
import { execute } from "../command/execute.ts";
import { bounds, type Labels, walls } from "../container/container.ts";
import type { SandboxLimits } from "../container/limits.ts";
import { ask, askToRemove } from "../engine/engine.ts";
import { own } from "../mirror/ownership.ts";

const CERTIFICATES = "/etc/nexus-certificates.pem";

// On disk and gone with the site: what lies in /tmp would count as memory.
const CACHE = "/workspace/.npm-cache";

/** How dependencies are installed. */
export interface InstallPlan {
  readonly image: string;
  readonly uid: number;
  readonly limits: SandboxLimits;
  readonly labels: Labels;
  readonly timeoutMs: number;
  readonly npmRegistry?: string | undefined;
  /** File with the certificates by which this machine trusts its way out. */
  readonly certificates?: string | undefined;
}

/**
 * Runs `npm ci` over manifests and lockfile alone, in the one kind of container that has a network, and
 * without install scripts: no code of a package runs, and no source of the repository is there.
 */
export async function installWithNpm(
  docker: Docker,
  plan: InstallPlan,
  at: { folder: string; signal: AbortSignal },
): Promise<void> {
  await own(at.folder, plan.uid);
  const container = await ask("create the set-up container", async (abortSignal) =>
    docker.createContainer({ ...(await setUpOptions(docker, plan, at.folder)), abortSignal }),
  );
  try {
    await ask("start the set-up container", (abortSignal) => container.start({ abortSignal }));
    await runNpm(container, plan, at);
  } finally {
    await askToRemove("remove the set-up container", () =>
      container.remove({ force: true, v: true }),
    );
  }
}

// What is installed stays on the disk for other sessions, so it is counted once more at the end.
async function runNpm(
  container: Docker.Container,
  plan: InstallPlan,
  at: { folder: string; signal: AbortSignal },
): Promise<void> {
  const { diskMb } = plan.limits;
  const output = captureOutput(8_192);
  const disk = watchDisk(at.folder, diskMb, () => killContainer(container));
  try {
    const ended = await execute(container, {
      argv: npmCi(plan),
      user: userOf(plan),
      timeoutMs: plan.timeoutMs,
      signal: at.signal,
      onPayload: (chunk) => output.take(chunk),
    });
    if (disk.full()) throw tooLarge(diskMb);
    if (ended.exitCode !== 0) throw failed(ended.exitCode, output.finish().text);
    if (await disk.count()) throw tooLarge(diskMb);
  } catch (error) {
    throw disk.full() ? tooLarge(diskMb) : error;
  } finally {
    disk.stop();
  }
}

function npmCi(plan: InstallPlan): string[] {
  const flags = ["--ignore-scripts", "--no-audit", "--no-fund", "--no-update-notifier"];
  const registry = plan.npmRegistry === undefined ? [] : [`--registry=${plan.npmRegistry}`];
  return ["npm", "ci", ...flags, "--no-progress", `--cache=${CACHE}`, ...registry];
}

async function setUpOptions(
  docker: Docker,
  plan: InstallPlan,
  folder: string,
): Promise<Docker.ContainerCreateOptions> {
  return {
    Image: plan.image,
    Entrypoint: [],
    Cmd: ["sleep", "infinity"],
    User: userOf(plan),
    WorkingDir: "/workspace",
    Env: environment(plan),
    Labels: { ...plan.labels },
    Healthcheck: { Test: ["NONE"] },
    HostConfig: {
      ...walls(),
      ...bounds(plan.limits),
      NetworkMode: await networkOf(docker),
      Mounts: mounts(plan, folder),
      Tmpfs: { "/tmp": "nosuid,nodev,mode=1777,size=256m" },
    },
  };
}

function environment(plan: InstallPlan): string[] {
  const trust = plan.certificates === undefined ? [] : [`NODE_EXTRA_CA_CERTS=${CERTIFICATES}`];
  return ["PATH=/usr/local/bin:/usr/bin:/bin", "HOME=/tmp", "CI=true", "LANG=C.UTF-8", ...trust];
}

function mounts(plan: InstallPlan, folder: string): Docker.MountSettings[] {
  const own: Docker.MountSettings = { Type: "bind", Source: folder, Target: "/workspace" };
  if (plan.certificates === undefined) return [own];
  return [own, { Type: "bind", Source: plan.certificates, Target: CERTIFICATES, ReadOnly: true }];
}

// An engine without a bridge of its own can only lend the host's network.
async function networkOf(docker: Docker): Promise<string> {
  const networks = await ask("list its networks", (abortSignal) =>
    docker.listNetworks({ filters: { driver: ["bridge"] }, abortSignal }),
  );
  return networks.some(({ Name }) => Name === "bridge") ? "bridge" : "host";
}

function userOf(plan: InstallPlan): string {
  return `${plan.uid}:${plan.uid}`;
}

function failed(exitCode: number | undefined, output: string): NexusError {
  const ending =
    exitCode === undefined ? "did not end in time" : `ended with exit code ${exitCode}`;
  return new NexusError("sandbox.setup-failed", `npm ci ${ending}.\n${output.trim()}`, {
    hint: "Does `npm ci --ignore-scripts` work on a fresh clone of this commit?",
    retryable: /E(?:AI_AGAIN|CONNRESET|CONNREFUSED|TIMEDOUT|NOTFOUND)/.test(output),
  });
}

function tooLarge(maxMb: number): NexusError {
  return new NexusError("sandbox.setup-failed", `npm ci wrote more than ${maxMb} MB.`, {
    hint: "Does package-lock.json name more packages than the repository's checks need?",
  });
}
