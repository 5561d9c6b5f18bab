/**
 * Points that every session passes, in about this order. Told as they are reached, for tracing: a listener
 * is called in line, so the step has happened and the next has not begun.
 */
export type SandboxStep =
  | "base-ready"
  | "environment-ready"
  | "layer-made"
  | "volume-made"
  | "container-made"
  | "container-started"
  | "slot-paused"
  | "command-started"
  | "command-ended"
  | "changes-frozen"
  | "changes-read"
  | "held"
  | "container-removed"
  | "volume-removed"
  | "layer-removed";

/** Is told of each step. What it throws, fails the step. */
export type OnStep = (step: SandboxStep) => void;
