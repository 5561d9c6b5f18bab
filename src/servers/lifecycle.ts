import { NexusError } from "../core/errors.ts";

/** Fires at the first SIGTERM or SIGINT; the second one ends the process at once. */
export function stopSignal(): AbortSignal {
  const stop = new AbortController();
  for (const name of ["SIGTERM", "SIGINT"] as const) {
    process.on(name, () => {
      if (stop.signal.aborted) process.exit(130);
      stop.abort(new NexusError("aborted", `stopped by ${name}`));
    });
  }
  return stop.signal;
}

/** Resolves when the signal fires. */
export function stopped(signal: AbortSignal): Promise<void> {
  if (signal.aborted) return Promise.resolve();
  return new Promise((resolve) => {
    signal.addEventListener("abort", () => resolve(), { once: true });
  });
}

/** Waits for all; throws every problem at once, not only the first. */
export async function allReady<T extends readonly unknown[]>(
  parts: { readonly [K in keyof T]: () => Promise<T[K]> },
): Promise<T> {
  const settled = await Promise.allSettled(parts.map((start) => start()));
  const problems = settled.flatMap((one) => (one.status === "rejected" ? [one.reason] : []));
  if (problems.length > 0) throw new AggregateError(problems);
  // Every part was fulfilled, in the order given.
  return settled.map((one) => one.status === "fulfilled" && one.value) as unknown as T;
}

/** Runs a process to its end. A start that fails says all that is wrong and what to do, and exits with 1. */
export async function runProcess(
  name: string,
  main: (signal: AbortSignal) => Promise<void>,
): Promise<void> {
  const signal = stopSignal();
  try {
    await main(signal);
    process.exit(0);
  } catch (error) {
    // Stopped while it started is no failure; what it lacked is worth saying all the same.
    if (signal.aborted && isStop(error)) process.exit(0);
    process.stderr.write(`${explain(name, error)}\n`);
    process.exit(1);
  }
}

function isStop(error: unknown): boolean {
  return error instanceof NexusError && error.code === "aborted";
}

/** Every problem once, with what can be done about it, for a person at a terminal. */
function explain(name: string, error: unknown): string {
  const problems: unknown[] = error instanceof AggregateError ? error.errors : [error];
  const byHint = new Map<string, Set<string>>();
  for (const problem of problems) {
    const hint = (problem instanceof NexusError && problem.hint) || "";
    byHint.set(hint, new Set([...(byHint.get(hint) ?? []), ...linesOf(problem)]));
  }
  const told = [...byHint].flatMap(([hint, lines]) =>
    hint ? [...lines, `  ${hint}`] : [...lines],
  );
  return [`${name} cannot start:`, ...told].join("\n");
}

/** An error that lists several problems has a line for each. */
function linesOf(error: unknown): string[] {
  if (error instanceof NexusError)
    return error.message.startsWith("- ") ? error.message.split("\n") : [`- ${error.message}`];
  return [`- ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`];
}
