import type { Syntax, SyntaxNode } from "../../core/syntax.ts";
import { type Family, familyOf } from "./test-files.ts";

/** A text with its comments and the insides of its strings blanked out, all else in its place. */
export interface Masked {
  readonly path: string;
  readonly text: string;
  /** As long as the text: offsets and lines are the same. */
  readonly code: string;
  /** The comments alone, everything else blank. */
  readonly comments: string;
}

const COMMENT = /comment$/;
const LETTERS =
  /^(?:string|template_string|string_literal|raw_string_literal|interpreted_string_literal|char_literal|rune_literal|character_literal|string_fragment|string_content|multiline_string_fragment|regex|regex_pattern|jsx_text|escape_sequence|interpreted_string_literal_content)$/;

/** By the syntax tree where there is one without errors; else by the marks of comments and strings. */
export function masked(path: string, text: string, syntax: Syntax): Masked {
  const tree = syntax.parse(path, text);
  const spans = tree && !tree.hasErrors ? spansIn(tree.root) : spansByMarks(text, familyOf(path));
  let code = "";
  let comments = "";
  let done = 0;
  for (const { start, end, isComment } of spans.toSorted((a, b) => a.start - b.start)) {
    if (start < done) continue;
    const own = text.slice(start, end);
    code += text.slice(done, start) + (isComment ? blank(own) : withEdges(own));
    comments += blank(text.slice(done, start)) + (isComment ? own : blank(own));
    done = end;
  }
  const rest = text.slice(done);
  return { path, text, code: code + rest, comments: comments + blank(rest) };
}

function blank(text: string): string {
  return text.replaceAll(/[^\n]/g, " ");
}

/** Quotes stay where they are. */
function withEdges(text: string): string {
  return text.length < 2 ? blank(text) : text.charAt(0) + blank(text.slice(1, -1)) + text.at(-1);
}

interface Span {
  readonly start: number;
  readonly end: number;
  readonly isComment: boolean;
}

function spansIn(node: SyntaxNode): readonly Span[] {
  const found: Span[] = [];
  const open: SyntaxNode[] = [node];
  for (let next = open.pop(); next; next = open.pop()) {
    const isComment = COMMENT.test(next.type);
    if (isComment) found.push({ start: next.start, end: next.end, isComment });
    else if (next.children.length === 0 && LETTERS.test(next.type))
      found.push({ start: next.start, end: next.end, isComment });
    else open.push(...next.children);
  }
  return found;
}

const SLASHES =
  /(?<comment>\/\/[^\n]*|\/\*[\s\S]*?(?:\*\/|$))|(?<letters>"(?:\\.|[^"\\\n])*"|'(?:\\.|[^'\\\n])*'|`(?:\\.|[^`\\])*`)/g;
const HASHES =
  /(?<comment>#[^\n]*)|(?<letters>"""[\s\S]*?"""|'''[\s\S]*?'''|"(?:\\.|[^"\\\n])*"|'(?:\\.|[^'\\\n])*')/g;

function spansByMarks(text: string, family: Family | undefined): readonly Span[] {
  const marks = family === "python" || family === "ruby" || !family ? HASHES : SLASHES;
  return [...text.matchAll(marks)].map((found) => ({
    start: found.index,
    end: found.index + found[0].length,
    isComment: found.groups?.comment !== undefined,
  }));
}

/** The number of the line, from 1, in which an offset lies. */
export function lineAt(text: string, offset: number): number {
  let line = 1;
  for (let at = text.indexOf("\n"); at >= 0 && at < offset; at = text.indexOf("\n", at + 1))
    line += 1;
  return line;
}

/** The text of a line, from 1, without its ends. */
export function textOfLine(text: string, line: number): string {
  return (text.split("\n")[line - 1] ?? "").trim();
}
