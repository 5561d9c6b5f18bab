import type { Duplex } from "node:stream";
import type Docker from "dockerode";
import { NexusError } from "../../src/core/errors.ts";
import { createFrameReader } from "../command/frames.ts";
import { ask } from "../engine/engine.ts";

/** What is expected of a container that is started. */
export interface Expected {
  /** Each must be found in what the container says of itself (stderr) before it counts as ready. */
  readonly signs: readonly string[];
  readonly onOutput?: (text: string) => void;
  readonly signal: AbortSignal;
}

/** A started container whose words are read as they come, until `stop`. */
export interface Attached {
  stop(): void;
}

const READY_MS = 120_000;
const KEPT = 16_384;

/** Starts a created container and waits until it is ready. Throws `sandbox.unavailable` with its last words if it ends before. */
export async function startAttached(
  container: Docker.Container,
  expected: Expected,
): Promise<Attached> {
  const stream = await attach(container);
  const stop = () => void stream.destroy();
  try {
    const ready = whenReady(stream, expected);
    // Its failure is of interest only once the container was started.
    ready.catch(() => undefined);
    await ask("start a container for a way out", (abortSignal) => container.start({ abortSignal }));
    await ready;
    return { stop };
  } catch (error) {
    stop();
    throw error;
  }
}

/** What the container will write once it is started. */
export async function attach(container: Docker.Container): Promise<Duplex> {
  const options = { stream: true, stdout: true, stderr: true, hijack: true };
  return (await ask("listen to a container", (abortSignal) =>
    container.attach({ ...options, abortSignal }),
  )) as Duplex;
}

async function whenReady(stream: Duplex, expected: Expected): Promise<void> {
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  let said = "";
  let isReady = false;
  const read = createFrameReader((chunk, stderr) => {
    if (!stderr) return expected.onOutput?.(chunk.toString("latin1"));
    if (isReady) return;
    said = (said + chunk.toString("latin1")).slice(-KEPT);
    isReady = expected.signs.every((sign) => said.includes(sign));
    if (isReady) resolve();
  });
  const ended = () => reject(notReady(said));
  const cancelled = () => reject(new NexusError("aborted", "The way out was cancelled."));
  // Read to the end, ready or not: a stream that is left unread would hold the container up.
  stream.on("data", read);
  for (const event of ["end", "close", "error"]) stream.on(event, ended);
  const timer = setTimeout(ended, READY_MS);
  expected.signal.addEventListener("abort", cancelled, { once: true });
  if (expected.signal.aborted) cancelled();
  try {
    await promise;
  } finally {
    clearTimeout(timer);
    expected.signal.removeEventListener("abort", cancelled);
  }
}

function notReady(said: string): NexusError {
  const last = said.trim().split("\n").slice(-3).join("\n") || "It said nothing.";
  return new NexusError("sandbox.unavailable", `A way out could not be opened. ${last}`, {
    hint: "Does the proxy's image start? sh docker/build-egress-image.sh builds it.",
    retryable: true,
  });
}
