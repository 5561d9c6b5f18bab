import { splitLines } from "../text/split-lines.ts";
import { isBlank, tokensOf } from "../text/tokens.ts";
import type { Place } from "./stage.ts";

const free = new Set(["typescript", "tsx", "javascript", "json", "go", "rust", "java", "css"]);
const freeEndings =
  /\.(?:[cm]?[jt]sx?|json5?|jsonc|go|rs|java|css|scss|less|c|h|cc|cpp|hpp|cs|kts?|scala|swift|php|dart)$/i;

/** True where blanks and line ends between tokens mean nothing. */
export function hasFreeLayout({ path, language }: Place): boolean {
  return language === undefined ? freeEndings.test(path) : free.has(language);
}

/** True where the two texts differ in layout only: in free layout all blanks, elsewhere trailing blanks and blank lines. */
export function differsInLayoutOnly(left: string, right: string, at: Place): boolean {
  if (tightened(left, at) === tightened(right, at)) return true;
  if (!hasFreeLayout(at)) return false;
  if (styles.test(at.path)) return packed(left) === packed(right);
  return sameTokens(left, right) && sameLiterals(left, right);
}

function tightened(text: string, { path }: Place): string {
  return splitLines(text)
    .map((line) => (prose.test(path) ? line.trimEnd() + hardBreak(line) : line.trimEnd()))
    .filter((line) => line.trim() !== "")
    .join("\n");
}

const prose = /\.(?:md|markdown|mdx)$/i;

/** Two blanks at the end of a line break it. */
function hardBreak(line: string): string {
  return /\S {2,}\r?\n?$/.test(line) ? "  " : "";
}

const styles = /\.(?:css|scss|less)$/i;

/** A blank in a selector or between the parts of a value says something, one beside these signs says nothing. */
function packed(text: string): string {
  return text
    .trim()
    .replaceAll(/\s+/g, " ")
    .replaceAll(/ ?([{};,]) ?/g, "$1")
    .replaceAll(": ", ":");
}

function sameTokens(left: string, right: string): boolean {
  const one = tokensOf(left).filter((token) => !isBlank(token));
  const two = tokensOf(right).filter((token) => !isBlank(token));
  return one.length === two.length && one.every((token, at) => token === two[at]);
}

// The closing quote is optional, so that no text is read twice.
const literal = /"(?:\\.|[^"\\\n])*"?|'(?:\\.|[^'\\\n])*'?|`(?:\\.|[^`\\])*`?/gs;

/** Blanks inside of strings are not layout. A line comment that a word joined or left would be none either. */
function sameLiterals(left: string, right: string): boolean {
  const one = left.match(literal) ?? [];
  const two = right.match(literal) ?? [];
  if (one.length !== two.length || !one.every((text, at) => text === two[at])) return false;
  return commentsOf(left) === commentsOf(right);
}

function commentsOf(text: string): string {
  return (text.match(/(?:\/\/|#).*$/gm) ?? []).map((comment) => comment.trimEnd()).join("\n");
}
