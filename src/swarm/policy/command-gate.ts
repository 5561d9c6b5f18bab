import type { CommandResult } from "../../core/evidence.ts";
import type { CommandGate } from "../tool.ts";
import { judgeCommand } from "./judge-command.ts";

/** What holds for the commands of one worker. */
export interface CommandRules {
  /** Programs, or programs with their first words, that the repository forbids. */
  readonly deny: readonly string[];
  /** Where it is given, commands are told to it and not executed. */
  readonly record?: ((command: string) => void) | undefined;
  /** Told of each command that ran. */
  readonly onRan?: ((command: string, result: CommandResult) => void) | undefined;
}

/** Asks the policy first; what passes runs, or is written down in a dry run. */
export function createCommandGate({ deny, record, onRan }: CommandRules): CommandGate {
  return {
    ask(command) {
      const judgement = judgeCommand(command, deny);
      if (judgement.kind === "refused") return { kind: "refused", why: judgement.why };
      record?.(command);
      return { kind: record ? "recorded" : "run" };
    },
    ran: (command, result) => onRan?.(command, result),
  };
}
