import type Docker from "dockerode";
import { NexusError } from "../../src/core/errors.ts";
import { ask, statusOf } from "./engine.ts";

/**
 * What a failure of the engine really was: `sandbox.killed` where the container has been ended meanwhile,
 * which the engine is asked once; else the failure itself.
 */
export async function explain(container: Docker.Container, failure: unknown): Promise<unknown> {
  if (!(failure instanceof NexusError) || failure.code !== "sandbox.unavailable") return failure;
  return (await isRunning(container)) ? failure : killed(failure);
}

// Without an answer nothing is known of the container, and the first failure stands.
async function isRunning(container: Docker.Container): Promise<boolean> {
  try {
    const { State } = await ask("look at a container", (abortSignal) =>
      container.inspect({ abortSignal }),
    );
    return State.Running;
  } catch (error) {
    return !(error instanceof NexusError) || statusOf(error.cause) !== 404;
  }
}

function killed(cause: unknown): NexusError {
  return new NexusError("sandbox.killed", "The container was ended while it was in use.", {
    hint: "Somebody removed or stopped it, or the machine ran out of memory. Nexus tries again.",
    retryable: true,
    cause,
  });
}
