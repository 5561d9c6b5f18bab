import { scriptCall } from "../program.ts";
import { type SimpleCommand, simpleCommands, textOf } from "../shell-words.ts";
import { toolBehind } from "../tool-behind.ts";
import type { RunnerUse } from "./runner.ts";

/**
 * The check's command with flags that reach its runner behind the word at `after`, by default its last;
 * undefined where no way of writing them does so, and nothing else.
 */
export function addFlags(
  { check, runner, commands, files }: RunnerUse,
  flags: readonly string[],
  after = runner.words.length - 1,
): string | undefined {
  if (keepsFlags(runner)) return undefined;
  const written = flags.join(" ");
  const expected = commands.map((command) => textOf(command === runner ? widened() : command));
  const candidates = [behind(check.command, written), inside(check.command, written)];
  return candidates.find((command) => {
    const found = command && toolBehind({ ...check, command }, files.scripts).commands;
    return found && JSON.stringify(found) === JSON.stringify(expected);
  });

  function widened(): SimpleCommand {
    const words = flags.map((flag) => ({ raw: flag, value: flag }));
    return { ...runner, words: runner.words.toSpliced(after + 1, 0, ...words) };
  }

  function inside(command: string, added: string): string | undefined {
    const word = runner.words[after]?.raw;
    const at = word === undefined ? -1 : ` ${command}`.indexOf(` ${word}`);
    if (word === undefined || at < 0) return undefined;
    const end = at + word.length;
    return `${command.slice(0, end)} ${added}${command.slice(end)}`;
  }
}

/** `npm exec` takes flags for its own up to two dashes. */
function keepsFlags({ words }: SimpleCommand): boolean {
  return words[0]?.value === "npm" && !words.some(({ value }) => value === "--");
}

/** npm hands flags on to a script behind two dashes only. */
function behind(command: string, flags: string): string {
  const last = simpleCommands(command)?.at(-1)?.words ?? [];
  const npm = last[0]?.value === "npm" && scriptCall(last) !== undefined;
  const dashes = npm && !last.some(({ value }) => value === "--") ? "-- " : "";
  return `${command.trimEnd()} ${dashes}${flags}`;
}
