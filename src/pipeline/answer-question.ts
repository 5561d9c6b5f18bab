import type { Found } from "../context/retrieve.ts";
import { definitionsOf } from "../core/definitions.ts";
import type { Mirror } from "../core/git.ts";
import type { Syntax } from "../core/syntax.ts";
import { retrieveFiles } from "./retrieve-files.ts";

interface Asked {
  readonly mirror: Pick<Mirror, "grep" | "listFiles" | "readFile">;
  readonly commit: string;
  /** Parsers, made when they are asked for the first time. */
  syntax(): Promise<Syntax>;
  readonly signal: AbortSignal;
}

const MOST_FILES = 12;
/** Of so many of them it is told what they define. */
const MOST_OUTLINED = 5;
const MOST_NAMES = 20;
const MAX_LINE = 160;

/** The files of a commit that a question is most likely about, with why, lines and names; empty where there are none. Hostile text. */
export async function answerQuestion(asked: Asked, question: string): Promise<string> {
  const { mirror, commit, signal } = asked;
  const found = await retrieveFiles(mirror, { commit, text: question, most: MOST_FILES, signal });
  const told = await Promise.all(
    found.map(async (file, place) => {
      const names = place < MOST_OUTLINED ? await namesIn(file.path, asked) : [];
      return [...headOf(file), ...outline(names)].join("\n");
    }),
  );
  return told.join("\n\n");
}

function headOf({ path, reasons, lines }: Found): readonly string[] {
  const why = reasons.length > 0 ? ` (${reasons.join("; ")})` : "";
  return [
    `${path}${why}`,
    ...lines.map(({ line, text }) => `  ${line}: ${text.trim().slice(0, MAX_LINE)}`),
  ];
}

function outline(names: readonly string[]): readonly string[] {
  if (names.length === 0) return [];
  const more = names.length > MOST_NAMES ? `, and ${names.length - MOST_NAMES} more` : "";
  return [`  defines: ${names.slice(0, MOST_NAMES).join(", ")}${more}`];
}

async function namesIn(
  path: string,
  { mirror, commit, syntax }: Asked,
): Promise<readonly string[]> {
  const text = await mirror.readFile(commit, path);
  const tree = text === undefined ? undefined : (await syntax()).parse(path, text);
  const definitions = text !== undefined && tree ? definitionsOf(tree, text) : undefined;
  return [...new Set((definitions ?? []).map(({ name }) => name))];
}
