import type Docker from "dockerode";
import { NexusError } from "../src/core/errors.ts";
import type { TaskCount } from "./container/tasks.ts";
import { ask, statusOf } from "./engine/engine.ts";

/** Keeps a container from writing any more. Only while the engine starts no command in it. */
export interface Freezer {
  /** Nothing writes afterwards: either nothing is left that could, or it is paused. */
  still(): Promise<void>;
  /** Pauses it; done already, or a container that has ended, is as good. */
  pause(): Promise<void>;
}

/** Opens the freezer of one container. */
export function createFreezer(at: {
  readonly container: Docker.Container;
  readonly tasks: TaskCount;
}): Freezer {
  const pause = () => pauseContainer(at.container);
  return {
    pause,
    async still() {
      if (!(await at.tasks.isAlone())) await pause();
    },
  };
}

/** Pauses a container. One that has ended or is paused already is left as it is. */
async function pauseContainer(container: Docker.Container): Promise<void> {
  try {
    await ask("pause a container", (abortSignal) => container.pause({ abortSignal }));
  } catch (error) {
    if (!(error instanceof NexusError) || !isStill(statusOf(error.cause))) throw error;
    const { State } = await ask("look at a container", (abortSignal) =>
      container.inspect({ abortSignal }),
    );
    if (State.Running && !State.Paused) throw error;
  }
}

// 409 says that it is paused already, or does not run.
function isStill(status: number | undefined): boolean {
  return status === 409 || status === 500;
}
