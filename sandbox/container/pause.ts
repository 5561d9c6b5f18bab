import { setTimeout } from "node:timers/promises";
import type Docker from "dockerode";
import { NexusError } from "../../src/core/errors.ts";
import { ask, statusOf } from "../engine/engine.ts";

const PATIENCE_MS = 60_000;
const PAUSE_MS = 50;

/** How a container is after it was to be paused. */
export type Stillness = "paused" | "ended";

/**
 * Pauses a container; one that is paused already or has ended is left as it is. A kernel that is busy may
 * say for a while that it cannot freeze, so it is asked again. Never while the engine starts a command in it.
 */
export async function pauseContainer(container: Docker.Container): Promise<Stillness> {
  const end = performance.now() + PATIENCE_MS;
  for (;;) {
    const { stillness, failure } = await tryToPause(container);
    if (stillness !== undefined) return stillness;
    if (performance.now() > end) throw failure;
    await setTimeout(PAUSE_MS);
  }
}

async function tryToPause(
  container: Docker.Container,
): Promise<{ readonly stillness: Stillness | undefined; readonly failure?: unknown }> {
  try {
    await ask("pause a container", (abortSignal) => container.pause({ abortSignal }));
    return { stillness: "paused" };
  } catch (failure) {
    const status = failure instanceof NexusError ? statusOf(failure.cause) : undefined;
    if (status !== 409 && status !== 500) throw failure;
    return { stillness: await stillnessOf(container), failure };
  }
}

async function stillnessOf(container: Docker.Container): Promise<Stillness | undefined> {
  const { State } = await ask("look at a container", (abortSignal) =>
    container.inspect({ abortSignal }),
  );
  if (!State.Running) return "ended";
  return State.Paused ? "paused" : undefined;
}
