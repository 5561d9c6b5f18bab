import { execFile } from "node:child_process";
import { lstat, mkdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import type Docker from "dockerode";
import { NexusError } from "../../src/core/errors.ts";
import type { FrozenTree } from "../changes/frozen-tree.ts";
import { execute } from "../command/execute.ts";
import { containerOptions, type Labels } from "../container/container.ts";
import type { SandboxLimits } from "../container/limits.ts";
import { ask, askToRemove } from "../engine/engine.ts";
import type { Layers } from "../mirror/layers.ts";
import type { Mirror, MirrorParts } from "../mirror/mirror.ts";
import { own } from "../mirror/ownership.ts";

/** What the probe needs to try a mirror for real. */
export interface Trial {
  readonly docker: Docker;
  readonly layers: Layers;
  readonly image: string;
  readonly uid: number;
  readonly limits: SandboxLimits;
  readonly labels: Labels;
}

/** A way to make mirrors, and what else is to be seen while one is mounted. */
export interface Attempt {
  readonly make: (parts: MirrorParts) => Promise<Mirror>;
  readonly whileMounted?: (folder: string) => Promise<void>;
}

const NONCE = "nonce";
const READ = "cat given && ! test -e hidden";
// Only an empty folder lets itself be removed; ls asks for what older releases of gVisor do not know.
const WRITE =
  "rm -r given folder && echo new > made && mkdir folder && rmdir folder && mkdir folder && echo empty";
const DEADLINE_MS = 60_000;

/** Undefined if such a mirror does all that a mirror must, else what it did not. Nothing of it is left. */
export async function attempt(trial: Trial, how: Attempt): Promise<string | undefined> {
  return await inFolder(trial, async (folder) => {
    const tree = await smallTree(folder, trial.uid);
    const mirror = await how.make({ folder, tree, layers: [], pass: () => false });
    try {
      return await judge(trial, { mirror, tree, whileMounted: () => how.whileMounted?.(folder) });
    } finally {
      await mirror.remove();
    }
  });
}

/** Undefined if the engine sees Nexus' folder under the same path, else what went wrong. */
export async function attemptToSee(trial: Trial): Promise<string | undefined> {
  return await inFolder(trial, async (folder) => {
    const [seen = ""] = (await smallTree(folder, trial.uid)).folders.slice(-1);
    const mount = { Type: "bind", Source: seen, Target: "/workspace", ReadOnly: true } as const;
    return await inContainer(trial, mount as Docker.MountSettings, async (run) => {
      const { output } = await run("cat given");
      return output === NONCE ? undefined : "the engine sees another folder under this path";
    });
  });
}

/** Whether a file can be made that hides what lies under it in an overlay. */
export async function makesWhiteouts(path: string): Promise<boolean> {
  try {
    await promisify(execFile)("mknod", [path, "c", "0", "0"], {
      env: { PATH: "/usr/bin:/bin:/usr/sbin:/sbin" },
    });
    return (await lstat(path)).isCharacterDevice();
  } catch {
    return false;
  }
}

/** True if the engine itself refuses, and for this reason, to mount a second time what a volume has mounted. */
export async function refusesSecondMount(trial: Trial, volume: string): Promise<boolean> {
  const { Options } = await ask("look at a volume", (abortSignal) =>
    trial.docker.getVolume(volume).inspect({ abortSignal }),
  );
  const second = await ask("create a volume", (abortSignal) =>
    trial.docker.createVolume({
      Name: `${volume}-again`,
      Driver: "local",
      DriverOpts: Options ?? {},
      Labels: { ...trial.labels },
      abortSignal,
    }),
  );
  const mount = {
    Type: "volume",
    Source: `${volume}-again`,
    Target: "/workspace",
    VolumeOptions: { NoCopy: true },
  } as Docker.MountSettings;
  try {
    return await inContainer(trial, mount, async () => false).catch(isBusy);
  } finally {
    await askToRemove("remove a volume", () => second.remove());
  }
}

// The engine hands on the words of the kernel; there is no code for it.
function isBusy(error: unknown): boolean {
  return error instanceof NexusError && error.message.includes("device or resource busy");
}

async function inFolder(
  { layers, labels }: Trial,
  work: (folder: string) => Promise<string | undefined>,
): Promise<string | undefined> {
  const session = labels["nexus.session"];
  try {
    return await work(await layers.create(session));
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  } finally {
    await layers.remove(session);
  }
}

/** A tree of two folders where whiteouts can be made: the upper one hides a file of the lower. */
async function smallTree(folder: string, uid: number): Promise<FrozenTree> {
  const [delta, base] = [join(folder, "delta"), join(folder, "base")];
  await mkdir(join(base, "folder"), { recursive: true });
  await mkdir(delta);
  await writeFile(join(base, "given"), NONCE);
  await writeFile(join(base, "folder", "old"), "");
  const hides = await makesWhiteouts(join(delta, "hidden"));
  if (hides) await writeFile(join(base, "hidden"), "");
  await own(base, uid);
  await own(delta, uid);
  return { folders: [delta, base] };
}

interface Judging {
  readonly mirror: Mirror;
  readonly tree: FrozenTree;
  readonly whileMounted: () => Promise<void> | undefined;
}

async function judge(
  trial: Trial,
  { mirror, tree, whileMounted }: Judging,
): Promise<string | undefined> {
  return await inContainer(trial, mirror.mount, async (run) => {
    const { exitCode, output } = await run(`${READ} && ${WRITE}`);
    if (exitCode !== 0 || output !== `${NONCE}empty\n`)
      return `the trial command failed: ${output}`;
    const { touched, gone } = await mirror.difference();
    const paths = touched.map(({ path }) => path).join();
    const lost = [...(await gone())].sort().join();
    if (paths !== "made" || lost !== "folder/old,given") return "changes do not show in the layer";
    const base = tree.folders.at(-1) ?? "";
    if ((await readFile(join(base, "given"), "utf8")) !== NONCE) return "the base was changed";
    await whileMounted();
    return undefined;
  });
}

type Run = (script: string) => Promise<{ exitCode: number | undefined; output: string }>;

async function inContainer<T>(
  trial: Trial,
  mount: Docker.MountSettings,
  work: (run: Run) => Promise<T>,
): Promise<T> {
  const user = `${trial.uid}:${trial.uid}`;
  const container = await ask("create a container", (abortSignal) =>
    trial.docker.createContainer({ ...containerOptions({ ...trial, user, mount }), abortSignal }),
  );
  try {
    await ask("start a container", (abortSignal) => container.start({ abortSignal }));
    return await work(async (script) => {
      const chunks: Buffer[] = [];
      const { exitCode } = await execute(container, {
        argv: ["/bin/sh", "-c", script],
        user,
        timeoutMs: DEADLINE_MS,
        signal: new AbortController().signal,
        onPayload: (chunk) => chunks.push(Buffer.from(chunk)),
      });
      return { exitCode, output: Buffer.concat(chunks).toString() };
    });
  } finally {
    await askToRemove("remove a container", () => container.remove({ force: true, v: true }));
  }
}
