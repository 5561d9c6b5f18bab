import { z } from "zod";

/** A command that was to show that the work is good, and whether it did: run after the last edit, and exit code 0. */
export const Proof = z.object({ command: z.string(), proved: z.boolean() });
export type Proof = z.infer<typeof Proof>;

/** What a worker's commands came to since its last edit. */
export interface Proving {
  /** A command has ended. */
  ran(command: string, isGreen: boolean): void;
  /** A command was written down instead of being executed. */
  recorded(): void;
  /** Files are not what they were: nothing that ran before proves anything now. */
  changed(): void;
  proofOf(command: string): Proof;
  /** Why this command proves nothing; undefined where it does, or where nothing is executed at all. */
  gap(command: string): string | undefined;
}

/** Nothing has run yet. */
export function createProving(): Proving {
  const ended = new Map<string, { isGreen: boolean; isStale: boolean }>();
  let isDry = false;
  const gap = (command: string) => {
    const last = ended.get(command.trim());
    if (!last) return "it was not run";
    if (last.isStale) return "files were changed after it ran";
    return last.isGreen ? undefined : "it did not end with exit code 0";
  };
  return {
    ran: (command, isGreen) => void ended.set(command.trim(), { isGreen, isStale: false }),
    recorded() {
      isDry = true;
    },
    changed() {
      for (const [command, last] of ended) ended.set(command, { ...last, isStale: true });
    },
    proofOf: (command) => ({ command, proved: gap(command) === undefined }),
    gap: (command) => (isDry ? undefined : gap(command)),
  };
}
