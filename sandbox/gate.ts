import type Docker from "dockerode";
import { NexusError } from "../src/core/errors.ts";
import { explain } from "./engine/killed.ts";

/** Keeps the order of things in one session: commands, the freeze, the end. */
export interface Gate {
  /** Work in the running container. Throws when it is frozen, closed or cancelled. */
  use<T>(work: () => Promise<T>): Promise<T>;
  /** The last work: nothing else is begun from now on, and what was begun has ended before. */
  freeze<T>(work: () => Promise<T>): Promise<T>;
  /** Work after which nothing else is begun; allowed after a freeze too. */
  keep<T>(work: () => Promise<T>): Promise<T>;
  /** False when it was closed already. */
  close(): boolean;
}

/** Opens the gate of one container. What fails after the signal is `aborted`; a container ended by others is `sandbox.killed`. */
export function createGate(container: Docker.Container, signal: AbortSignal): Gate {
  const running = new Set<Promise<unknown>>();
  let state: "open" | "frozen" | "closed" = "open";

  function requireOpen(): void {
    if (state !== "open") throw new Error(`The sandbox session is ${state}.`);
    if (signal.aborted) throw cancelled();
  }

  async function told<T>(work: () => Promise<T>): Promise<T> {
    try {
      return await work();
    } catch (error) {
      throw signal.aborted ? cancelled(error) : await explain(container, error);
    }
  }

  /** Nothing is paused while the engine still starts a command: it could wedge. */
  async function alone<T>(work: () => Promise<T>): Promise<T> {
    state = "frozen";
    await Promise.allSettled(running);
    return await work();
  }

  return {
    use(work) {
      const result = told(async () => {
        requireOpen();
        return await work();
      }).finally(() => running.delete(result));
      running.add(result);
      return result;
    },
    freeze: (work) =>
      told(async () => {
        requireOpen();
        return await alone(work);
      }),
    keep: (work) =>
      told(async () => {
        if (state === "closed") throw new Error("The sandbox session is closed.");
        return await alone(work);
      }),
    close() {
      const wasOpen = state !== "closed";
      state = "closed";
      return wasOpen;
    },
  };
}

function cancelled(cause?: unknown): NexusError {
  return new NexusError("aborted", "The sandbox was cancelled.", { cause });
}
