import type { SimpleCommand, Word } from "./shell-words.ts";

/** How many words stand before the program, by what starts it. */
const LAUNCHERS: readonly (readonly string[])[] = [
  ["npx"],
  ["bunx"],
  ["npm", "exec"],
  ["npm", "x"],
  ["pnpm", "exec"],
  ["pnpm", "dlx"],
  ["yarn", "exec"],
  ["yarn", "dlx"],
  ["yarn", "run"],
  ["bun", "x"],
  ["pnpm"],
  ["yarn"],
];
/** Flags of launchers that change nothing about which program runs here. */
const LAUNCHER_FLAGS = new Set([
  "--no-install",
  "--no",
  "--yes",
  "-y",
  "--quiet",
  "-q",
  "--offline",
  "--",
  "-s",
  "--silent",
]);

const QUIET = new Set(["-s", "--silent", "--if-present"]);
const RUN = new Set(["run", "run-script"]);

/** The program of a command, looked for behind `npx` and its like, and where its arguments begin. */
export function programOf({
  words,
}: SimpleCommand): { readonly name: string; readonly argumentsAt: number } | undefined {
  const values = words.map(({ value }) => value);
  const launcher = LAUNCHERS.find((start) => start.every((word, index) => values[index] === word));
  let at = launcher?.length ?? 0;
  while (launcher && LAUNCHER_FLAGS.has(values[at] ?? "")) at++;
  const word = values[at];
  return word === undefined ? undefined : { name: nameOf(word), argumentsAt: at + 1 };
}

/** The package script that a command calls, with the words it hands on; undefined for every other command. */
export function scriptCall(
  words: readonly Word[],
): { readonly script: string; readonly rest: readonly Word[] } | undefined {
  const [manager, ...others] = words;
  const [verb, ...behind] = skipQuiet(others);
  if (!manager || !verb) return undefined;
  const script = RUN.has(verb.value) ? skipQuiet(behind)[0] : scriptWord(manager.value, verb);
  if (!script || script.value.startsWith("-")) return undefined;
  return handedOn(manager.value, script.value, others.slice(others.indexOf(script) + 1));
}

/** `npm` knows `test` without `run`, the others every script; but `bun test` is a runner of Bun's own. */
function scriptWord(manager: string, verb: Word): Word | undefined {
  return (verb.value === "test" ? manager !== "bun" : manager !== "npm") ? verb : undefined;
}

function handedOn(manager: string, script: string, rest: readonly Word[]) {
  const dashes = rest.findIndex(({ value }) => value === "--");
  switch (manager) {
    case "npm": {
      // What stands before `--` is npm's own; a flag of npm, such as a workspace, may change everything.
      const own = skipQuiet(dashes < 0 ? rest : rest.slice(0, dashes));
      if (own.some(({ value }) => value.startsWith("-"))) return undefined;
      return { script, rest: dashes < 0 ? own : [...own, ...rest.slice(dashes + 1)] };
    }
    case "pnpm":
    case "yarn":
    case "bun":
      return { script, rest: dashes === 0 ? rest.slice(1) : rest };
    default:
      return undefined;
  }
}

function skipQuiet(words: readonly Word[]): readonly Word[] {
  const first = words.findIndex(({ value }) => !QUIET.has(value));
  return first < 0 ? [] : words.slice(first);
}

/** `./node_modules/.bin/eslint` and `eslint@9` are `eslint`; `@biomejs/biome@2` is `@biomejs/biome`. */
function nameOf(word: string): string {
  const path = word.startsWith("@") ? word : (word.split("/").at(-1) ?? word);
  return path.replace(/(?<=.)@.*$/, "");
}
