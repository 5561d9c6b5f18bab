import { visible } from "../core/untrusted.ts";
import { writtenLines } from "./written-lines.ts";

const COMMAND = /^ {0,3}\/nexus(?:[ \t]+(?<words>[\s\S]*))?$/i;
const LONGEST = 8_000;

/**
 * The first `/nexus` that is the first word of a line in the commenter's own words, with the lines below it up to
 * the next one; `help` when nothing follows. Never throws; linear in the length.
 */
export function findCommand(body: string): string | undefined {
  const lines = writtenLines(body);
  const commands = lines.flatMap(({ text, ownWords }, index) => {
    const match = ownWords ? COMMAND.exec(text) : null;
    return match ? [{ index, words: match.groups?.words ?? "" }] : [];
  });
  const [first, second] = commands;
  if (!first) return undefined;

  const below = lines.slice(first.index + 1, second?.index).map(({ text }) => text);
  return cleaned([first.words, ...below].join("\n")) || "help";
}

function cleaned(request: string): string {
  const text = visible(request.toWellFormed()).trim();
  // Cut by whole characters: half of one is not text.
  return text
    .slice(0, LONGEST)
    .replace(/[\uD800-\uDBFF]$/, "")
    .trimEnd();
}
