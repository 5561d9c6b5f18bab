import { rm, rmdir, stat } from "node:fs/promises";
import { dirname, join, resolve } from "node:path";
import Docker from "dockerode";
import { type Labels, newLabels } from "../container/container.ts";
import { inspectImage } from "../container/image-traits.ts";
import type { SandboxLimits } from "../container/limits.ts";
import { createEgress } from "../egress/create-egress.ts";
import { findThings } from "../engine/find-things.ts";
import { keepPresence } from "../engine/presence.ts";
import { keepLayers } from "../mirror/layers.ts";
import { sandboxUid } from "../mirror/ownership.ts";
import { type EngineFacts, engineFacts } from "../probe/engine-facts.ts";
import { type MirrorProbe, probeMirror } from "../probe/probe.ts";
import { type Diagnosis, failing, ok } from "./diagnosis.ts";
import { diagnoseMirror, diagnoseRuntimes, diagnosesOf } from "./engine.ts";
import { lookAtDisk, lookAtGit, lookAtHeld, lookAtMarks } from "./machine.ts";
import { tryWalls } from "./walls.ts";

/** What is to be looked at, as the settings say. */
export interface ExamineOptions {
  readonly docker?: Docker.DockerOptions | undefined;
  readonly image: string;
  readonly folder: string;
  readonly owner: string;
  readonly runtime?: string | undefined;
  readonly mirror?: MirrorProbe["mirror"] | undefined;
  readonly npmRegistry?: string | undefined;
  readonly limits: SandboxLimits;
}

const EGRESS_IMAGE = "nexus-egress:latest";

/**
 * Looks at all that sandboxes need, one thing after the other, and tries the walls for real. Never throws;
 * nothing that it made is left behind.
 */
export async function* examine(
  options: ExamineOptions,
  signal: AbortSignal,
): AsyncGenerator<Diagnosis> {
  const docker = new Docker(options.docker);
  const folder = resolve(options.folder);
  yield await lookAtGit();
  yield await lookAtDisk(folder);
  yield await lookAtHeld(join(folder, "layers"));
  const facts = await engineFacts(docker).catch(asFailure("engine"));
  if ("level" in facts) return yield facts;
  const images = await Promise.all([
    lookAtImage(docker, options.image, "sh docker/build-sandbox-image.sh"),
    lookAtImage(docker, EGRESS_IMAGE, "sh docker/build-egress-image.sh"),
  ]);
  yield* diagnoseRuntimes(facts, options.runtime);
  yield* images;
  const [own, egress] = images.map(({ level }) => level === "ok");
  if (!own) return yield* diagnosesOf(facts.findings);
  await using visit = await openVisit(docker, { ...options, folder });
  yield* await tryMirrors(visit, options.mirror, facts);
  yield* await tryWalls({ ...visit, runtime: options.runtime }, signal);
  if (egress) yield await tryEgress(visit, options.npmRegistry, signal);
}

async function lookAtImage(docker: Docker, image: string, build: string): Promise<Diagnosis> {
  const name = "image";
  try {
    const { Id } = await inspectImage(docker, image);
    return ok(name, `${image}, ${Id.slice(0, 19)}`);
  } catch (error) {
    return { ...failing(name, error), advice: `Build it: ${build}` };
  }
}

async function tryMirrors(
  visit: Visit,
  configured: MirrorProbe["mirror"] | undefined,
  facts: EngineFacts,
): Promise<Diagnosis[]> {
  try {
    const probe = await probeMirror(visit);
    return [
      ...diagnosesOf(probe.findings),
      diagnoseMirror(probe, configured),
      ...(await lookAtMarks(configured ?? probe.mirror)),
    ];
  } catch (error) {
    return [...diagnosesOf(facts.findings), failing("mirror", error)];
  }
}

async function tryEgress(
  { docker, labels }: Visit,
  registry: string | undefined,
  signal: AbortSignal,
): Promise<Diagnosis> {
  try {
    await createEgress({ docker, registry }).check(labels, signal);
    return ok("egress", "only named hosts can be reached, and only by the proxy");
  } catch (error) {
    return failing("egress", error);
  }
}

/** What trying things needs, for as long as it takes. */
interface Visit extends AsyncDisposable {
  readonly docker: Docker;
  readonly image: string;
  readonly uid: number;
  readonly limits: SandboxLimits;
  readonly labels: Labels;
  readonly layers: ReturnType<typeof keepLayers>;
}

/** While it is open, a worker's sweep sees whose the things are. Folders that were not there before go too. */
async function openVisit(
  docker: Docker,
  { folder, owner, image, limits }: ExamineOptions,
): Promise<Visit> {
  const processes = join(folder, "processes");
  const layersFolder = join(folder, "layers");
  const isNew = await missingAbove(folder);
  const process = await keepPresence(processes).enter();
  const labels = newLabels({ owner, process, taskId: "doctor" });
  const layers = keepLayers(docker, { folder: layersFolder, image });
  return {
    docker,
    image,
    limits,
    labels,
    layers,
    uid: sandboxUid(),
    async [Symbol.asyncDispose]() {
      const session = labels["nexus.session"];
      const left = await findThings(docker, { owner, session }).catch(() => []);
      for (const { remove } of left) await remove().catch(() => undefined);
      await layers.remove(session).catch(() => undefined);
      await rm(join(processes, process), { recursive: true, force: true });
      if (isNew.length === 0) return;
      // Somebody may have begun to use them: only what is empty goes.
      for (const made of [processes, layersFolder, ...isNew])
        await rmdir(made).catch(() => undefined);
    },
  };
}

/** The folders on the way to this one that are not there, the last first. */
async function missingAbove(folder: string): Promise<string[]> {
  const isThere = await stat(folder).then(
    () => true,
    () => false,
  );
  return isThere ? [] : [folder, ...(await missingAbove(dirname(folder)))];
}

function asFailure(name: string): (error: unknown) => Diagnosis {
  return (error) => failing(name, error);
}
