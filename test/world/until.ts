interface Until {
  readonly what: string;
  readonly timeoutMs?: number;
  /** Text that explains why it can no longer happen. */
  readonly orFail?: () => string | false;
  /** What else to say when it did not happen. */
  readonly tell?: () => string;
}

type Happened<T> = Exclude<T, null | undefined | false>;

/** Looks until the condition holds and returns what it came to; throws naming what did not happen in time. */
export async function until<T>(
  condition: () => T | Promise<T>,
  { what, timeoutMs = 90_000, orFail, tell }: Until,
): Promise<Happened<T>> {
  const end = performance.now() + timeoutMs;
  for (;;) {
    const value = await condition();
    // Checked right here: nothing that is left out of the type is returned.
    if (value !== undefined && value !== null && value !== false) return value as Happened<T>;
    const failure = orFail?.();
    if (failure) throw new Error(`Waiting for ${what}: ${failure}`);
    if (performance.now() > end) {
      throw new Error(`Waited ${timeoutMs} ms for ${what}.\n${tell?.() ?? ""}`);
    }
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}
