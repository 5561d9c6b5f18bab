import type { CommandResult } from "../../../src/core/evidence.ts";
import type { AttackWorld } from "./attack-world.ts";

/** What the attacker reads in the end, and what is told to people. */
interface Verdict {
  readonly gets: RegExp | string;
  /** A command that exits with 0 unless said otherwise. */
  readonly told?: Partial<Pick<CommandResult, "exitCode" | "ending" | "truncated" | "signal">>;
}

/** What is nothing on gVisor, and why it looks different there. */
interface OtherVerdict extends Verdict {
  readonly because: string;
}

interface Row {
  /** As in the list of attacks: a letter for what is attacked, a number. */
  readonly id: string;
  readonly what: string;
}

/** A command in the sandbox that tries to get something. */
export interface CommandAttack extends Row, Verdict {
  readonly attempt: readonly string[];
  readonly stdin?: string;
  readonly timeoutMs?: number;
  readonly onGvisor?: OtherVerdict;
}

/** Files that no commit may carry, and what is told of them. */
export interface RefusedFiles extends Row {
  /** Folder of the row's own, in which its shell commands run. */
  readonly at: string;
  readonly plant: string;
  /** Paths in that folder, each with the reason. */
  readonly refused: Readonly<Record<string, string>>;
  /** Where gVisor does not let it come so far: then nothing is there to be refused. */
  readonly onGvisor?: {
    readonly refused: Readonly<Record<string, string>>;
    readonly because: string;
  };
}

/** Files that look dangerous and are carried as what they are. */
export interface CarriedFiles extends Row {
  readonly at: string;
  readonly plant: string;
  /** Edits in the row's folder, as `mode path content` or `delete path`, in order. */
  readonly carried: readonly string[];
}

/** More than one step, or more than one container. */
export interface StagedAttack extends Row {
  readonly stage: (world: AttackWorld) => Promise<unknown>;
  /** What came of it, compared with `toEqual`. */
  readonly comes: unknown;
  readonly onGvisor?: { readonly comes: unknown; readonly because: string };
}

/** Proven in full by another suite. */
interface ProvenElsewhere extends Row {
  /** File of that suite. */
  readonly provenIn: string;
}

/** One row of the list. */
export type Attack = CommandAttack | RefusedFiles | CarriedFiles | StagedAttack | ProvenElsewhere;

/** A shell script as a command. */
export function shell(script: string): readonly string[] {
  return ["sh", "-c", script];
}

/** A program for Node as a command. */
export function node(program: string): readonly string[] {
  return ["node", "-e", program];
}
