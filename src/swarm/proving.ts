import { z } from "zod";

/** A command that was to show that the work is good, and whether it did: exit code 0, and the files are still what they were then. */
export const Proof = z.object({ command: z.string(), proved: z.boolean() });
export type Proof = z.infer<typeof Proof>;

/** What a worker's commands came to, and whether the files are still those that they ran over. */
export interface Proving {
  /** A command has ended. */
  ran(command: string, isGreen: boolean): void;
  /** A tool has changed files, which is known without looking. */
  changed(): void;
  /**
   * Whether the command that ended last has changed files, as far as it can be told. To be called after each call, once
   * what came of it is kept: it throws what reading the state throws.
   */
  readBack(): Promise<boolean>;
  /** A command was written down instead of being executed. */
  recorded(): void;
  /** What each of these commands proves of the files as they are now. */
  of(commands: readonly string[]): Promise<readonly Proven[]>;
}

/** A proof, and where it is none, why; nothing is missing where nothing is executed at all. */
interface Proven {
  readonly proof: Proof;
  readonly gap: string | undefined;
}

interface Ended {
  readonly isGreen: boolean;
  /** Of the files, as the command left them. */
  state?: string | undefined;
}

/** Nothing has run yet. The state is read back, since any command may change files; undefined where it cannot be. */
export function createProving(stateNow: () => Promise<string | undefined>): Proving {
  const ended = new Map<string, Ended>();
  let newest: Ended | undefined;
  /** Of the files, as they were seen last. */
  let known: string | undefined;
  let isDry = false;
  return {
    ran(command, isGreen) {
      newest = { isGreen };
      ended.set(command.trim(), newest);
    },
    async readBack() {
      const one = newest;
      newest = undefined;
      if (!one?.isGreen) return false;
      const before = known;
      known = await stateNow();
      one.state = known;
      return before !== undefined && known !== undefined && before !== known;
    },
    changed() {
      known = undefined;
    },
    recorded() {
      isDry = true;
    },
    async of(commands) {
      const last = commands.map((command) => ended.get(command.trim()));
      const now = last.some((one) => one?.isGreen) ? await stateNow() : undefined;
      return commands.map((command, index) => {
        const gap = gapOf(last[index], now);
        return { proof: { command, proved: gap === undefined }, gap: isDry ? undefined : gap };
      });
    },
  };
}

function gapOf(last: Ended | undefined, now: string | undefined): string | undefined {
  if (!last) return "it was not run";
  if (!last.isGreen) return "it did not end with exit code 0";
  if (last.state === undefined || now === undefined) {
    return "nobody can tell whether files were changed after it ran";
  }
  return last.state === now ? undefined : "files were changed after it ran";
}
