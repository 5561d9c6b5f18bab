import type { CommandResult } from "../core/evidence.ts";
import type { Workbench } from "./workbench.ts";

/** Tells of each command that an agent ran, and how it ended. */
export function tellCommand({ tell }: Pick<Workbench, "tell">, agent: string) {
  return (command: string, { exitCode, ending, durationMs }: CommandResult): void =>
    tell({ kind: "command", agent, command, exitCode, ending, durationMs });
}
