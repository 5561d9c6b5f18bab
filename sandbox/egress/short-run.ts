import type Docker from "dockerode";
import { NexusError } from "../../src/core/errors.ts";
import { createFrameReader } from "../command/frames.ts";
import { ask, askToRemove } from "../engine/engine.ts";
import { attach } from "./attached-start.ts";
import { createEgressContainer, type EgressPlan } from "./egress-container.ts";

const LONGEST_MS = 170_000;
const MOST_TEXT = 262_144;

/** What one of Nexus' own commands writes until it ends, in a container that is gone afterwards. Throws `sandbox.unavailable` when it does not end in time. */
export async function shortRun(
  docker: Docker,
  plan: EgressPlan,
  signal: AbortSignal,
): Promise<string> {
  const container = await createEgressContainer(docker, plan);
  try {
    const stream = await attach(container);
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    promise.catch(() => undefined);
    let said = "";
    const late = () => reject(unfinished());
    const cancelled = () => reject(new NexusError("aborted", "The way out was cancelled."));
    stream.on(
      "data",
      createFrameReader((chunk) => {
        if (said.length < MOST_TEXT) said += chunk.toString("latin1");
      }),
    );
    for (const event of ["end", "close", "error"]) stream.on(event, () => resolve());
    const timer = setTimeout(late, LONGEST_MS);
    signal.addEventListener("abort", cancelled, { once: true });
    if (signal.aborted) cancelled();
    try {
      await ask("start a container for a way out", (abortSignal) =>
        container.start({ abortSignal }),
      );
      await promise;
      return said;
    } finally {
      clearTimeout(timer);
      signal.removeEventListener("abort", cancelled);
      stream.destroy();
    }
  } finally {
    await askToRemove("remove a container of a way out", () =>
      container.remove({ force: true, v: true }),
    );
  }
}

function unfinished(): NexusError {
  return new NexusError("sandbox.unavailable", "A container of a way out did not end in time.", {
    hint: "Is the machine overloaded? `docker ps` shows what runs.",
    retryable: true,
  });
}
