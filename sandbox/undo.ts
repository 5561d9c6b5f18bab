/** How to take away what was made, in reverse order. */
export interface Undo {
  /** What is only shared or counted is given back also where the rest is left in place. */
  push(what: "own" | "shared", step: () => Promise<unknown>): void;
  /** Takes everything away. A step that fails does not keep the others from being done; the first failure is thrown. */
  all(): Promise<void>;
  /** Gives back what is shared and leaves the rest where it is. */
  shared(): Promise<void>;
}

/** Keeps the steps that undo what was made so far. Each is done once. */
export function createUndo(): Undo {
  let steps: { readonly what: "own" | "shared"; readonly step: () => Promise<unknown> }[] = [];

  async function undo(which: (what: "own" | "shared") => boolean): Promise<void> {
    const chosen = steps.filter(({ what }) => which(what)).reverse();
    steps = steps.filter(({ what }) => !which(what));
    const failures: unknown[] = [];
    for (const { step } of chosen) await step().catch((error: unknown) => failures.push(error));
    if (failures.length > 0) throw failures[0];
  }

  return {
    push: (what, step) => void steps.push({ what, step }),
    all: () => undo(() => true),
    shared: () => undo((what) => what === "shared"),
  };
}
