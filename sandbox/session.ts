import { NexusError } from "../src/core/errors.ts";
import type { SandboxSession } from "../src/core/sandbox.ts";
import { CHANGE_LIMITS, readChanges } from "./changes/read-changes.ts";
import { killContainer, runCommand, type Workshop } from "./command/command-runner.ts";
import { ask } from "./engine/engine.ts";
import type { Mirror } from "./mirror/mirror.ts";

/** What a session is made of. */
export interface SessionParts {
  readonly image: string;
  readonly shop: Workshop;
  readonly mirror: Mirror;
  readonly base: string;
  /** Takes away container, mirror and layer. */
  readonly discard: () => Promise<void>;
}

/** Opens a session over a started container. Aborting the workshop's signal kills the container. */
export function openSession({ image, shop, mirror, base, discard }: SessionParts): SandboxSession {
  let state: "open" | "frozen" | "closed" = "open";
  // Disposing reports what goes wrong here; an abort has nobody to tell.
  const kill = () => void killContainer(shop.container).catch(() => undefined);
  shop.signal.addEventListener("abort", kill, { once: true });

  function requireOpen(): void {
    if (state === "closed") throw new Error("The sandbox session is closed.");
    if (state === "frozen") throw new Error("The sandbox session is frozen.");
    if (shop.signal.aborted) throw cancelled();
  }

  async function unlessAborted<T>(work: () => Promise<T>): Promise<T> {
    try {
      return await work();
    } catch (error) {
      throw shop.signal.aborted ? cancelled(error) : error;
    }
  }

  return {
    image,
    readFile: () => Promise.reject(new Error("later")),
    hold: () => Promise.reject(new Error("later")),
    run(command, options = {}) {
      return unlessAborted(async () => {
        requireOpen();
        return await runCommand(shop, command, options);
      });
    },
    changes() {
      return unlessAborted(async () => {
        requireOpen();
        state = "frozen";
        // Nothing may write any more, neither while the rules are asked for nor while files are read.
        if (!(await shop.inside.endProcesses())) throw unfrozen();
        const difference = await mirror.difference((folders) => shop.inside.listNames(folders));
        return await readChanges(difference, {
          base,
          limits: CHANGE_LIMITS,
          ignored: (paths) => shop.inside.ignored(paths),
          freeze: () => pause(shop),
        });
      });
    },
    async [Symbol.asyncDispose]() {
      if (state === "closed") return;
      state = "closed";
      shop.signal.removeEventListener("abort", kill);
      await discard();
    },
  };
}

async function pause(shop: Workshop): Promise<void> {
  await ask("pause a container", () => shop.container.pause());
}

function cancelled(cause?: unknown): NexusError {
  return new NexusError("aborted", "The sandbox was cancelled.", { cause });
}

function unfrozen(): NexusError {
  return new NexusError("sandbox.unavailable", "The container could not be stilled for reading.", {
    retryable: true,
  });
}
