import { createHash } from "node:crypto";
import type Docker from "dockerode";
import { NexusError } from "../../src/core/errors.ts";
import { inspectImage } from "../container/image-traits.ts";
import { askToRemove } from "../engine/engine.ts";
import type { EnvironmentStore, Kept } from "./environment-store.ts";

/** Images made or used by other installations are nobody's to start from, under whatever registry's name. */
const RESERVED = /(?:^|\/)nexus-environment(?:[:@]|$)/;
/** The engine takes it for an image's own digest, whatever the image is called. */
const BARE_DIGEST = /^sha256(?:[:@/]|$)/;
/** A registry's name that leads to the public: it has a dot, and a word at its end that no number can be. */
const PUBLIC_HOST = /^(?:[a-z0-9-]+\.)+[a-z][a-z0-9-]*$/;
const NOT_PUBLIC = /\.(?:localhost|local|localdomain|internal|lan|home|arpa|intranet|corp)$/;
const REFERENCE = /^[a-z0-9][\w./:-]*(?:@sha256:[0-9a-f]{64})?$/;

/** Marks the images that set-ups have made. */
export const MADE_LABEL = "nexus.environment";

/** The image an environment starts from, in use until it is released. */
export interface BaseImage {
  /** Digest. */
  readonly id: string;
  readonly path: string | undefined;
  release(): Promise<void>;
}

/** Where images come from. */
export interface ImageSource {
  readonly docker: Docker;
  /** Nexus' own. */
  readonly image: string;
  /** What repositories may name; undefined for any. */
  readonly allowedImages?: readonly string[] | undefined;
  readonly store: EnvironmentStore;
  readonly pullTimeoutMs: number;
}

/**
 * The image of this name, pulled where the engine does not have it. Throws `sandbox.not-allowed` for one
 * beyond the operator's ceiling and `sandbox.setup-failed` for one that cannot be had.
 */
export async function takeBaseImage(
  source: ImageSource,
  wished: string | undefined,
  signal: AbortSignal,
): Promise<BaseImage> {
  if (wished === undefined) return { ...(await known(source.docker, source.image)), release };
  const name = fullName(wished);
  if (!isAllowed([wished, name], source.allowedImages)) throw notAllowed(wished);
  const isPulled = await source.store.has(nameOf(name));
  const here = isPulled ? undefined : await present(source.docker, name);
  if (here?.isOurs) throw notAllowed(wished);
  if (here) return { ...here, release };
  const kept = await source.store.take(
    nameOf(name),
    async () => ({ ...(await pull(source, name, signal)), layers: [] }),
    signal,
  );
  return await orRelease(kept, async () => ({
    ...(await known(source.docker, kept.record.image ?? name)),
    release: kept.release,
  }));
}

/** Gives back what was taken if the rest fails. */
export async function orRelease<T>(
  kept: Pick<Kept, "release">,
  rest: () => Promise<T>,
): Promise<T> {
  try {
    return await rest();
  } catch (error) {
    await kept.release();
    throw error;
  }
}

async function release(): Promise<void> {
  // What was there before Nexus came is not Nexus' to remove.
}

async function known(docker: Docker, name: string) {
  const { Id, Config } = await inspectImage(docker, name);
  const path = Config?.Env?.find((entry) => entry.startsWith("PATH="))?.slice("PATH=".length);
  return { id: Id, path, isOurs: MADE_LABEL in (Config?.Labels ?? {}) };
}

async function present(docker: Docker, name: string) {
  try {
    return await known(docker, name);
  } catch (error) {
    if (error instanceof NexusError && error.code === "sandbox.image-missing") return undefined;
    throw error;
  }
}

async function pull({ docker, pullTimeoutMs }: ImageSource, name: string, signal: AbortSignal) {
  const limit = AbortSignal.any([signal, AbortSignal.timeout(pullTimeoutMs)]);
  try {
    const stream = await docker.pull(name, { abortSignal: limit });
    await finished(docker, stream, limit);
  } catch (cause) {
    if (signal.aborted) throw new NexusError("aborted", "The set-up was cancelled.", { cause });
    throw cannotPull(name, cause);
  }
  const { Id, Size } = await inspectImage(docker, name);
  return { image: Id, bytes: Size };
}

async function finished(docker: Docker, stream: NodeJS.ReadableStream, limit: AbortSignal) {
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  const stop = () => reject(new Error("it took too long"));
  limit.addEventListener("abort", stop, { once: true });
  docker.modem.followProgress(stream, (error) => (error ? reject(error) : resolve()));
  try {
    await promise;
  } finally {
    limit.removeEventListener("abort", stop);
    if ("destroy" in stream && typeof stream.destroy === "function") stream.destroy();
  }
}

/** Takes an image away; false where something still stands on it. */
export async function removeImage(docker: Docker, id: string): Promise<boolean> {
  await askToRemove("remove an image", () => docker.getImage(id).remove());
  return (await present(docker, id)) === undefined;
}

// With a tag a name can be nothing else, such as the beginning of another image's digest.
function fullName(name: string): string {
  if (!REFERENCE.test(name) || RESERVED.test(name) || BARE_DIGEST.test(name))
    throw notAllowed(name);
  return /[:@][^/]*$/.test(name) ? name : `${name}:latest`;
}

// The engine itself would go there: to reach places on its own network is not a repository's to say.
function isAllowed(names: readonly string[], patterns: readonly string[] = ["*"]): boolean {
  const isNamed = (pattern: string) => names.some((name) => fits(pattern, name));
  return patterns.some((pattern) => (pattern !== "*" || names.every(isPublic)) && isNamed(pattern));
}

function isPublic(name: string): boolean {
  const [first = "", ...rest] = name.split("/");
  const isRegistry = rest.length > 0 && (/[.:]/.test(first) || first === "localhost");
  const host = first.replace(/:\d+$/, "");
  return !isRegistry || (PUBLIC_HOST.test(host) && !NOT_PUBLIC.test(host));
}

function fits(pattern: string, name: string): boolean {
  if (pattern === "*") return true;
  if (!pattern.endsWith("*")) return pattern === name;
  const start = pattern.slice(0, -1);
  return name.startsWith(start) && !name.slice(start.length).includes("/");
}

function nameOf(image: string): string {
  return `image-${createHash("sha256").update(image).digest("hex").slice(0, 32)}`;
}

function notAllowed(name: string): NexusError {
  return new NexusError("sandbox.not-allowed", `The image ${name} is not allowed here.`, {
    hint: "Name another `image:` in .github/nexus.yml, or let the operator add it to SANDBOX_IMAGES.",
  });
}

function cannotPull(name: string, cause: unknown): NexusError {
  const reason = cause instanceof Error ? cause.message : String(cause);
  const isFinal = /not found|denied|unauthorized|unknown|invalid/i.test(reason);
  return new NexusError("sandbox.setup-failed", `The image ${name} cannot be pulled: ${reason}`, {
    hint: "Is `image:` in .github/nexus.yml the name of a public image?",
    retryable: !isFinal,
    cause,
  });
}
