import { posix } from "node:path";
import type Docker from "dockerode";
import { NexusError } from "../../src/core/errors.ts";
import { ask, statusOf } from "../engine/engine.ts";
import { INSTALLED } from "../environment/stacks/stack.ts";

/** What an image would bring into a container by itself. */
export interface ImageTraits {
  /** Names of the variables it sets. */
  readonly variables: readonly string[];
  /** Folders that it wants volumes for, but the workspace, which has the mirror. */
  readonly volumes: readonly string[];
}

const WORKSPACE = "/workspace";
/** Nothing may be mounted on, below or above them: what Nexus mounts or keeps there would be hidden. */
const KEPT_FREE = ["/proc", "/sys", "/dev", INSTALLED, WORKSPACE];

/**
 * Reads what an image brings along. Throws `sandbox.image-missing` where there is none and
 * `sandbox.not-allowed` where it wants a volume in a place that is Nexus' own.
 */
export async function traitsOf(docker: Docker, image: string): Promise<ImageTraits> {
  const { Config } = await inspectImage(docker, image);
  const wanted = Object.keys(Config?.Volumes ?? {}).map((path) => posix.resolve("/", path));
  const volumes = wanted.filter((path) => path !== WORKSPACE);
  for (const volume of volumes) if (isTaken(volume)) throw inTheWay(image, volume);
  return {
    variables: (Config?.Env ?? []).map((entry) => entry.split("=", 1)[0] ?? ""),
    volumes,
  };
}

/** What the engine tells of an image. Throws `sandbox.image-missing` where there is none of this name. */
export async function inspectImage(
  docker: Docker,
  image: string,
): Promise<Docker.ImageInspectInfo> {
  try {
    return await ask("look for an image", () => docker.getImage(image).inspect());
  } catch (error) {
    throw isGone(error) ? imageMissing(image, error) : error;
  }
}

/** The error of an image that the engine does not have, or no longer. */
export function imageMissing(image: string, cause: unknown): NexusError {
  return new NexusError("sandbox.image-missing", `There is no image ${image}.`, {
    hint: "Build Nexus' own with: sh docker/build-sandbox-image.sh",
    cause,
  });
}

/** True where the engine says that it has no such thing. */
export function isGone(error: unknown): boolean {
  return error instanceof NexusError && statusOf(error.cause) === 404;
}

function isTaken(path: string): boolean {
  return KEPT_FREE.some((kept) => isWithin(path, kept) || isWithin(kept, path));
}

function isWithin(path: string, folder: string): boolean {
  return path === folder || path.startsWith(folder === "/" ? folder : `${folder}/`);
}

function inTheWay(image: string, volume: string): NexusError {
  return new NexusError("sandbox.not-allowed", `The image ${image} wants a volume at ${volume}.`, {
    hint: "Name an image that keeps that place free.",
  });
}
