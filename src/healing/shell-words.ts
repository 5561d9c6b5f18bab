/** One word of a command: as it is written, and what a shell makes of its quotes. */
export interface Word {
  readonly raw: string;
  readonly value: string;
}

/** One program with its arguments; variables set for it come first. */
export interface SimpleCommand {
  readonly assignments: readonly string[];
  readonly words: readonly Word[];
}

const BEYOND_US = new Set(
  "if then else fi for while until do done case esac function select ! { } [[ cd pushd popd exec eval source . set".split(
    " ",
  ),
);
const ASSIGNMENT = /^[A-Za-z_][A-Za-z0-9_]*=/;

/** Blanks, separators, comments, quoted and plain pieces; anything else is more than a list of commands. */
const PIECE =
  /(?<blank>[ \t]+)|(?<separator>&&|\|\||;|\r?\n)|(?<single>'[^']*')|(?<double>"(?:[^"\\`$]|\\[\s\S]|\$(?!\())*")|(?<plain>(?:[^\s'"\\`$&|;<>()#]|(?<=[^\s;&|])#|\\[^\n]|\$(?![('"]))+)/y;

/** The commands of a script that is a plain list of them; undefined for everything that needs a real shell to be understood. */
export function simpleCommands(script: string): readonly SimpleCommand[] | undefined {
  const commands: Word[][] = [[]];
  let joined = false;
  PIECE.lastIndex = 0;
  while (PIECE.lastIndex < script.length) {
    const groups = PIECE.exec(script)?.groups;
    if (!groups) return undefined;
    if (groups.separator !== undefined) commands.push([]);
    const word = wordOf(groups);
    if (word) append(commands.at(-1) ?? [], word, joined);
    joined = word !== undefined;
  }
  const simple = commands.filter((words) => words.length > 0).map(commandOf);
  return simple.some(({ words }) => BEYOND_US.has(words[0]?.value ?? "")) ? undefined : simple;
}

/** A command as text again, with its words as they were written. */
export function textOf({ assignments, words }: SimpleCommand): string {
  return [...assignments, ...words.map(({ raw }) => raw)].join(" ");
}

function wordOf(groups: Record<string, string | undefined>): Word | undefined {
  const { single, double, plain } = groups;
  if (single !== undefined) return { raw: single, value: single.slice(1, -1) };
  if (double !== undefined) {
    return { raw: double, value: double.slice(1, -1).replaceAll(/\\(["\\$`])/g, "$1") };
  }
  if (plain !== undefined) return { raw: plain, value: plain.replaceAll(/\\([\s\S])/g, "$1") };
  return undefined;
}

/** Pieces without a blank between them are one word. */
function append(words: Word[], { raw, value }: Word, joined: boolean): void {
  const last = joined ? words.pop() : undefined;
  words.push({ raw: (last?.raw ?? "") + raw, value: (last?.value ?? "") + value });
}

function commandOf(words: readonly Word[]): SimpleCommand {
  // cross-env does on every system what a shell does with assignments.
  const start = words[0]?.value === "cross-env" ? 1 : 0;
  const first = words.findIndex(({ raw }, index) => index >= start && !ASSIGNMENT.test(raw));
  const end = first < 0 ? words.length : first;
  return { assignments: words.slice(start, end).map(({ raw }) => raw), words: words.slice(end) };
}
