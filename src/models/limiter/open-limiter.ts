import { waitFor } from "../retry.ts";
import { createLimiter, type Limiter } from "./limiter.ts";
import { createSharedDesk, type RunScript } from "./shared-desk.ts";
import { createSteadyDesk, type DeskNews } from "./steady-desk.ts";

interface Opening {
  /** Of the Redis of the installation. */
  readonly scripts: {
    readonly run: RunScript;
    readonly ping: () => Promise<unknown>;
  };
  /** The name of this process, which no other one has. */
  readonly process: string;
  readonly onNews: (news: DeskNews) => void;
}

/** The limiter that all processes of an installation share while they have a Redis. */
export function openLimiter({ scripts, process, onNews }: Opening): Limiter & Disposable {
  const now = () => performance.timeOrigin + performance.now();
  const shared = createSharedDesk({ run: scripts.run, process });
  const desk = createSteadyDesk({ shared, ping: scripts.ping, now, onNews });
  const limiter = createLimiter({ desk, now, wait: waitFor });
  return { ...limiter, [Symbol.dispose]: () => desk[Symbol.dispose]() };
}
