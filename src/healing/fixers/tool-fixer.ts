import type { Fixer } from "../../core/fixer.ts";
import { programOf } from "../program.ts";
import { simpleCommands, textOf, type Word } from "../shell-words.ts";

interface Tool {
  readonly name: string;
  /** Names of its program; the first is the tool's own. */
  readonly programs: readonly string[];
  /** The arguments that repair instead of reporting; undefined where the command was no check. */
  repairing(args: readonly Word[]): readonly Word[] | undefined;
}

/** A fixer that runs the failing check's own tool with its own arguments, told to write. Every other part of the check is left out. */
export function createToolFixer(tool: Tool): Fixer {
  return {
    name: tool.name,
    command({ commands }) {
      const repairs = commands.flatMap((command) => repairing(command, tool) ?? []);
      // One that repairs only a part ends red; the next shall run nevertheless.
      return repairs.length > 0 ? repairs.join("; ") : undefined;
    },
  };
}

/** A word that needs no quotes. */
export function word(value: string): Word {
  return { raw: value, value };
}

function repairing(text: string, tool: Tool): string | undefined {
  const [command, ...more] = simpleCommands(text) ?? [];
  const program = command && programOf(command);
  if (!command || !program || more.length > 0 || !tool.programs.includes(program.name)) {
    return undefined;
  }
  const args = tool.repairing(command.words.slice(program.argumentsAt));
  if (!args) return undefined;
  return textOf({ ...command, words: [...command.words.slice(0, program.argumentsAt), ...args] });
}
