import type { Account } from "../core/account.ts";
import type { EffectResult, EffectWish } from "../core/effect.ts";
import type { TaskEvent } from "../core/event.ts";
import type { Evidence } from "../core/evidence.ts";
import type { FairSlots } from "../core/fair-slots.ts";
import type { Mirror, ThreeWay } from "../core/git.ts";
import type { Platform } from "../core/platform.ts";
import type { Sandbox } from "../core/sandbox.ts";
import type { Syntax } from "../core/syntax.ts";
import type { Help } from "../merge/settle-with-help.ts";
import type { Architect } from "../swarm/architect.ts";
import type { Worker } from "../swarm/worker.ts";
import type { TaskState } from "./task-state.ts";

/** The task's way out: what it wants written on the platform, and what was read back. */
export interface Desk {
  /** Brings the tracking comment up to date with what is known. */
  track(state: TaskState, now: string): Promise<void>;
  /** Wants an outward write and waits until the publisher has read it back. */
  carryOut(name: string, wish: EffectWish, options: CarryOut): Promise<EffectResult>;
}

interface CarryOut {
  readonly signal: AbortSignal;
  readonly bundle?: Uint8Array;
}

/** Results kept apart from the stages', so that a finished worker is not run again for its neighbour's sake. */
export interface Memory {
  recall(key: string): Promise<unknown>;
  remember(key: string, value: unknown): Promise<void>;
  step(agent: string, step: unknown): Promise<void>;
}

/** The mirror of the task's repository, with its way to the platform. */
export interface TaskMirror extends Mirror {
  /** Brings the tip of a branch into the mirror; returns its commit. */
  fetch(branch: string, signal: AbortSignal): Promise<string>;
  /** Brings as much history of two commits as tells where they parted; commits whose parents are still missing. */
  deepen(sides: Omit<ThreeWay, "base">, signal: AbortSignal): Promise<readonly string[]>;
}

/** The model's part of the team; absent where no model is configured. */
export interface Team {
  readonly architect: Architect;
  readonly worker: Worker;
  /** For who is to look anew: of another model first, where there is more than one. The same, if absent. */
  readonly otherWorker?: Worker | undefined;
}

/** What settles conflicts that the texts alone do not. */
export type MergeHelp = Pick<Help, "memory" | "model" | "prompts" | "redact">;

interface Limits {
  /** Workers at once. */
  readonly workers: number;
  readonly corrections: number;
}

/** Everything the stages of one task work with. */
export interface Workbench {
  platform(): Promise<Platform>;
  mirror(): Promise<TaskMirror>;
  readonly sandbox: Sandbox;
  readonly team: Team | undefined;
  /** Parsers, made when they are asked for the first time. */
  syntax(): Promise<Syntax>;
  /** Earlier resolutions, and a model where one is configured; absent where nobody helps. */
  readonly mergeHelp?: MergeHelp | undefined;
  readonly desk: Desk;
  readonly memory: Memory;
  /** Tells whoever watches what happens. Never waits, never throws. */
  tell(event: TaskEvent): void;
  keepEvidence(evidence: Evidence): Promise<string>;
  readonly limits: Limits;
  /** What the task may spend on models, and has spent; absent where nothing is paid for. */
  readonly account?: Pick<Account, "cost" | "lower" | "cap"> | undefined;
  /** Places for workers that all tasks of the machine share; without them only the task's own limit holds. */
  readonly slots?: FairSlots | undefined;
}
