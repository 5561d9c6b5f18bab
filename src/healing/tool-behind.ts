import type { Check } from "../core/plan.ts";
import type { PackageScripts } from "./package-scripts.ts";
import { programOf, scriptCall } from "./program.ts";
import { type SimpleCommand, simpleCommands, textOf } from "./shell-words.ts";

/** Scripts that call scripts are followed this deep, and so many calls: they may call each other in circles. */
const DEPTH = 5;
const MOST_CALLS = 50;
const MOST_COMMANDS = 20;
/** Package managers let scripts find installed programs this way. */
const INSTALLED_FIRST = 'PATH="$PWD/node_modules/.bin:$PATH"';

/** What a check really runs. */
export interface ToolUse {
  /** The one program behind the check; undefined where there are several, or none is known. */
  readonly tool: string | undefined;
  /** The simple commands behind it, runnable as they are; empty where a shell would have to be understood. */
  readonly commands: readonly string[];
}

/** Follows a check through package scripts to the programs it runs. */
export function toolBehind(check: Check, scripts: PackageScripts): ToolUse {
  const commands = follow(check.command, { scripts, depth: DEPTH, calls: { left: MOST_CALLS } });
  if (!commands || commands.length > MOST_COMMANDS) return { tool: undefined, commands: [] };
  const tools = new Set(commands.map((command) => programOf(command)?.name));
  const [tool] = tools.size === 1 ? tools : [];
  return { tool, commands: commands.map(textOf) };
}

interface Trail {
  readonly scripts: PackageScripts;
  readonly depth: number;
  /** Shared by all branches of one check. */
  readonly calls: { left: number };
}

/** One part that is not understood leaves the whole check without an answer. */
function follow(text: string, trail: Trail): readonly SimpleCommand[] | undefined {
  const result: SimpleCommand[] = [];
  for (const command of simpleCommands(text) ?? [undefined]) {
    const expanded = command && expand(command, trail);
    if (!expanded) return undefined;
    result.push(...expanded);
  }
  return result;
}

function expand(command: SimpleCommand, trail: Trail): readonly SimpleCommand[] | undefined {
  const call = scriptCall(command.words);
  const script = call && trail.scripts.get(call.script);
  if (!call || script === undefined) return [command];
  if (trail.depth === 0 || trail.calls.left === 0) return undefined;
  trail.calls.left--;

  // As package managers do: what follows the call is put behind the script's last command.
  const text = [script, ...call.rest.map(({ raw }) => raw)].join(" ");
  return follow(text, { ...trail, depth: trail.depth - 1 })?.map(({ assignments, words }) => ({
    assignments: [...new Set([INSTALLED_FIRST, ...command.assignments, ...assignments])],
    words,
  }));
}
