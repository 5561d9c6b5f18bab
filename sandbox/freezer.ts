import type Docker from "dockerode";
import { pauseContainer } from "./container/pause.ts";
import type { TaskCount } from "./container/tasks.ts";

/** Keeps a container from writing any more. Only while the engine starts no command in it. */
export interface Freezer {
  /** Nothing writes afterwards: nothing is left that could, or it is paused, or it has ended. */
  still(): Promise<void>;
  /** Pauses it; done already, or a container that has ended, is as good. */
  pause(): Promise<void>;
}

/** Opens the freezer of one container. */
export function createFreezer(at: {
  readonly container: Docker.Container;
  readonly tasks: TaskCount;
}): Freezer {
  const pause = async () => void (await pauseContainer(at.container));
  return {
    pause,
    async still() {
      if (!(await at.tasks.isAlone())) await pause();
    },
  };
}
