import { chown, mkdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type Docker from "dockerode";
import { NexusError } from "../../src/core/errors.ts";
import { execute } from "../command/execute.ts";
import { containerOptions, type Labels } from "../container/container.ts";
import type { SandboxLimits } from "../container/limits.ts";
import { ask, askToRemove } from "../engine/engine.ts";
import { makeCopiedMirror } from "../mirror/copied-mirror.ts";
import type { Layers } from "../mirror/layers.ts";
import type { Mirror, MirrorParts } from "../mirror/mirror.ts";
import { makeOverlayMirror } from "../mirror/overlay-mirror.ts";

/** What the probe needs to try a mirror for real. */
export interface Trial {
  readonly docker: Docker;
  readonly layers: Layers;
  readonly image: string;
  readonly uid: number;
  readonly limits: SandboxLimits;
  readonly labels: Labels;
}

const SCRIPT =
  "cat given && rm -r given folder && echo new > made && mkdir folder && ls folder | wc -l";

/**
 * Tries whether overlay volumes work between this engine and Nexus' folder. Undefined if so, else the reason.
 * Throws `sandbox.unavailable` when the engine does not even see the folder.
 */
export async function tryOverlay(trial: Trial): Promise<string | undefined> {
  const failure = await attempt(trial, (parts) =>
    makeOverlayMirror(trial.docker, parts, {
      volume: volumeName(trial.labels),
      uid: trial.uid,
      labels: { ...trial.labels },
    }),
  );
  if (failure === undefined) return undefined;
  const plain = await attempt(trial, (parts) => makeCopiedMirror(parts, trial.uid));
  if (plain === undefined) return failure;
  throw new NexusError("sandbox.unavailable", `Docker cannot work on Nexus' folder: ${plain}`, {
    hint: "The Docker daemon must see the folder .nexus under the same path, and the sandbox image must start.",
  });
}

/** The name of a session's volume. */
export function volumeName(labels: Labels): string {
  return `nexus-${labels["nexus.session"]}`;
}

/** Undefined if the mirror does what a mirror must, else what it did not. */
async function attempt(
  trial: Trial,
  make: (parts: MirrorParts) => Promise<Mirror>,
): Promise<string | undefined> {
  const session = trial.labels["nexus.session"];
  const folder = await trial.layers.create(session);
  let mirror: Mirror | undefined;
  try {
    const base = await smallTree(folder, trial.uid);
    mirror = await make({ folder, tree: { folders: [base] }, layers: [], pass: () => false });
    await runIn(trial, mirror);
    const { touched, gone } = await mirror.difference();
    const paths = touched.map(({ path }) => path).join();
    if (paths !== "made" || [...(await gone())].sort().join() !== "folder/old,given")
      return "changes do not show in the layer";
    if ((await readFile(join(base, "given"), "utf8")) !== "nonce") return "the base was changed";
    return undefined;
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  } finally {
    await mirror?.remove();
    await trial.layers.remove(session);
  }
}

async function smallTree(folder: string, uid: number): Promise<string> {
  const base = join(folder, "base");
  await mkdir(join(base, "folder"), { recursive: true });
  await writeFile(join(base, "given"), "nonce");
  await writeFile(join(base, "folder", "old"), "");
  if (process.getuid?.() === 0) {
    for (const path of [
      base,
      join(base, "folder"),
      join(base, "folder", "old"),
      join(base, "given"),
    ])
      await chown(path, uid, uid);
  }
  return base;
}

async function runIn(trial: Trial, mirror: Mirror): Promise<void> {
  const user = `${trial.uid}:${trial.uid}`;
  const container = await ask("create a container", (abortSignal) =>
    trial.docker.createContainer({
      ...containerOptions({ ...trial, user, mount: mirror.mount }),
      abortSignal,
    }),
  );
  try {
    await ask("start a container", (abortSignal) => container.start({ abortSignal }));
    const chunks: Buffer[] = [];
    const { exitCode } = await execute(container, {
      argv: ["/bin/sh", "-c", SCRIPT],
      user,
      timeoutMs: 30_000,
      signal: new AbortController().signal,
      onPayload: (chunk) => chunks.push(Buffer.from(chunk)),
    });
    const output = Buffer.concat(chunks).toString();
    if (exitCode !== 0 || output !== "nonce0\n")
      throw new Error(`the trial command failed: ${output}`);
  } finally {
    await askToRemove("remove a container", () => container.remove({ force: true, v: true }));
  }
}
