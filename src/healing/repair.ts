import type { Failure } from "../core/failure.ts";
import type { Fixer } from "../core/fixer.ts";

/** A rule that knows a failure, and the command it would run. */
export interface Repair {
  readonly failure: Failure;
  readonly fixer: Fixer;
  readonly command: string;
}

/** Every repair that a rule offers, in the fixers' order; the same command is run once. */
export function repairsFor(failures: readonly Failure[], fixers: readonly Fixer[]): Repair[] {
  const known = new Set<string>();
  return fixers.flatMap((fixer) =>
    failures.flatMap((failure) => {
      const command = fixer.command(failure);
      if (command === undefined || known.has(command)) return [];
      known.add(command);
      return [{ failure, fixer, command }];
    }),
  );
}
