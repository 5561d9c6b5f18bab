import { type Command, forEachChild, parse, type SyntaxNode, type Word } from "unbash";
import { behindWrapper, type Words } from "./wrappers.ts";

/** One program that a script would start, with what is known of its words before it runs. */
export interface CalledProgram {
  /** The last part of its path. */
  readonly name: string;
  readonly args: readonly string[];
  /** Files it would be redirected into. */
  readonly writesTo: readonly string[];
}

/** The programs of a script, or why they cannot be told without running it. */
export type Called =
  | { readonly kind: "known"; readonly programs: readonly CalledProgram[] }
  | { readonly kind: "unclear"; readonly why: string };

const DEEPEST = 8;
const LONGEST = 100_000;
const MOST = 2_000;

class Unclear extends Error {}

/**
 * Every program that a shell script calls, also through `sh -c`, `eval`, `xargs`, `env`, `find -exec` and
 * substitutions. A script whose words do not tell what it calls is unclear. What programs do by themselves,
 * and files of the repository that they execute, are not looked into: the walls are for that.
 */
export function calledPrograms(script: string): Called {
  try {
    const programs: CalledProgram[] = [];
    collect(script, programs, 0);
    return { kind: "known", programs };
  } catch (error) {
    if (error instanceof Unclear) return { kind: "unclear", why: error.message };
    if (error instanceof RangeError) return { kind: "unclear", why: "it is nested too deeply" };
    throw error;
  }
}

function collect(script: string, programs: CalledProgram[], depth: number): void {
  if (depth > DEEPEST) throw new Unclear("scripts call scripts too deeply");
  if (script.length > LONGEST) throw new Unclear(`it is longer than ${LONGEST} characters`);
  const visit = (node: SyntaxNode): void => {
    if (node.type === "Script" && node.errors?.[0])
      throw new Unclear("it is no valid shell script");
    if (node.type === "Command") addCommand(node, programs, depth);
    forEachChild(node, visit);
  };
  visit(parse(script));
}

function addCommand(command: Command, programs: CalledProgram[], depth: number): void {
  if (!command.name) return;
  const words = [knownValue(command.name), ...command.args.map(argumentValue)];
  const writesTo = command.redirects.flatMap((redirect) =>
    redirect.type === "Redirect" && redirect.operator.includes(">") && redirect.target
      ? [redirect.target.value]
      : [],
  );
  const fed = command.redirects.flatMap(bodyOf);
  addWords({ words, writesTo, fed }, programs, depth);
}

function bodyOf(redirect: Command["redirects"][number]): string[] {
  if (redirect.type === "HereDoc") return [redirect.body.text];
  return redirect.type === "HereString" && redirect.target ? [redirect.target.value] : [];
}

interface Call {
  readonly words: Words;
  readonly writesTo: readonly string[];
  /** Text that the program would read on its standard input. */
  readonly fed: readonly string[];
}

function addWords({ words, writesTo, fed }: Call, programs: CalledProgram[], depth: number): void {
  const [first, ...rest] = words;
  if (first === undefined) return;
  if (first === null) throw new Unclear("the name of a program is only known when it runs");
  if (/[*?{]|\[./.test(first)) throw new Unclear("the name of a program is a pattern");
  const name = first.split("/").at(-1) ?? first;
  programs.push({ name, args: rest.map((word) => word ?? ""), writesTo });
  if (programs.length > MOST) throw new Unclear(`it calls more than ${MOST} programs`);
  const behind = behindWrapper(name, rest, fed);
  if (behind.unclear !== undefined) throw new Unclear(behind.unclear);
  for (const script of behind.scripts) collect(script, programs, depth + 1);
  for (const inner of behind.commands) {
    if (depth >= DEEPEST) throw new Unclear("programs start programs too deeply");
    addWords({ words: inner, writesTo: [], fed: [] }, programs, depth + 1);
  }
}

/** `alias c=curl` sets no variable: for the program it is a word like others. */
function argumentValue(argument: Command["args"][number]): string | null {
  if (argument.type === "Word") return knownValue(argument);
  const value = argument.value.type === "Word" ? knownValue(argument.value) : null;
  return value === null ? null : `${argument.name}=${value}`;
}

/** What a word means, or null where only the shell will know. */
function knownValue(word: Word): string | null {
  return isKnown(word) ? word.value : null;
}

const OPEN_ENDED = new Set([
  "SimpleExpansion",
  "ParameterExpansion",
  "CommandExpansion",
  "ArithmeticExpansion",
  "ProcessSubstitution",
]);

function isKnown(word: Word): boolean {
  return (word.parts ?? []).every(
    (part) =>
      !OPEN_ENDED.has(part.type) &&
      !("parts" in part && (part.parts ?? []).some((inner) => OPEN_ENDED.has(inner.type))),
  );
}
