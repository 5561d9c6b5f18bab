/** A signal that fires with any of its parents, or when its time is up. */
export interface BoundedSignal extends Disposable {
  readonly signal: AbortSignal;
  /** Fires only when the time is up. */
  readonly limit: AbortSignal;
}

/**
 * Bounds work by other signals and by time, until it is disposed of. Not by `AbortSignal.any` and `timeout`: what those
 * give is kept, with all that still listens to it, for as long as a parent lives or the time lasts.
 */
export function boundedSignal(parents: readonly AbortSignal[], limitMs: number): BoundedSignal {
  const all = new AbortController();
  const limit = new AbortController();
  const timer = setTimeout(() => limit.abort(), limitMs);
  const sources = [...parents, limit.signal].map((source) => {
    const pass = () => all.abort(source.reason);
    if (source.aborted) pass();
    else source.addEventListener("abort", pass, { once: true });
    return { source, pass };
  });
  return {
    signal: all.signal,
    limit: limit.signal,
    [Symbol.dispose]() {
      clearTimeout(timer);
      for (const { source, pass } of sources) source.removeEventListener("abort", pass);
    },
  };
}
