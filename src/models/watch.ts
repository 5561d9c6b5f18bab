/** The three reasons to stop a try, told apart. */
export interface Watch extends Disposable {
  /** Fires for whichever reason comes first. */
  readonly signal: AbortSignal;
  /** The vendor gave a sign of life. */
  heard(): void;
  ended(): "aborted" | "deadline" | "silence" | undefined;
}

export interface Limits {
  /** The caller's. */
  readonly caller: AbortSignal;
  /** Of the whole call. */
  readonly deadline: AbortSignal;
  /** How long the vendor may be silent. */
  readonly idleMs: number;
}

/** Watches over one try until disposed. */
export function watchOver({ caller, deadline, idleMs }: Limits): Watch {
  const silence = new AbortController();
  const timer = setTimeout(() => silence.abort(), idleMs);
  return {
    signal: AbortSignal.any([caller, deadline, silence.signal]),
    heard: () => {
      timer.refresh();
    },
    ended() {
      if (caller.aborted) return "aborted";
      if (deadline.aborted) return "deadline";
      return silence.signal.aborted ? "silence" : undefined;
    },
    [Symbol.dispose]() {
      clearTimeout(timer);
    },
  };
}
