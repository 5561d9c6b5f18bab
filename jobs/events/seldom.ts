/** What time it is, and something later. */
export interface Clock {
  now(): number;
  /** Calls once after this time, unless disposed before. */
  after(ms: number, call: () => void): Disposable;
}

/** Something that may be wanted far more often than it may be done. */
interface Seldom extends Disposable {
  /** Is done at the next time that it may be; asked for again until then, it is once. */
  ask(): void;
  /** It was done by somebody else: what was asked for is with it. */
  wasDone(): void;
}

interface Options {
  readonly run: () => Promise<void>;
  readonly clock?: Clock | undefined;
}

/** GitHub bounds what one App may write in an hour, all tasks together: the longer a task lasts, the less often. */
const SHORTEST_MS = 15_000;
const LONGEST_MS = 60_000;
const GROWTH = 1.1;

/** Never closer together than fifteen seconds, and up to a minute apart after many times. */
export function seldom({ run, clock = SYSTEM }: Options): Seldom {
  let doneAt = clock.now();
  let distance = SHORTEST_MS;
  let next: Disposable | undefined;

  const due = (): void => {
    next = undefined;
    doneAt = clock.now();
    distance = Math.min(distance * GROWTH, LONGEST_MS);
    void run();
  };
  const cancel = (): void => {
    next?.[Symbol.dispose]();
    next = undefined;
  };
  return {
    ask() {
      next ??= clock.after(Math.max(0, doneAt + distance - clock.now()), due);
    },
    wasDone() {
      cancel();
      doneAt = clock.now();
    },
    [Symbol.dispose]: cancel,
  };
}

const SYSTEM: Clock = {
  now: () => performance.now(),
  after(ms, call) {
    const timer = setTimeout(call, ms);
    // A process that is done does not wait for it.
    timer.unref();
    return { [Symbol.dispose]: () => clearTimeout(timer) };
  },
};
