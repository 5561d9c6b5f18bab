import { programOf } from "../program.ts";
import type { SimpleCommand } from "../shell-words.ts";

/** The words behind the program of a command, as a shell would hand them over. */
export function argumentsOf(command: SimpleCommand): readonly string[] {
  return command.words.slice(programOf(command)?.argumentsAt ?? 0).map(({ value }) => value);
}

/** Whether a word is one of the flags, alone, with its value, or with a key such as `--outputFile.json`. */
export function hasFlag(word: string, flags: readonly string[]): boolean {
  return flags.some(
    (flag) => word === flag || word.startsWith(`${flag}=`) || word.startsWith(`${flag}.`),
  );
}
