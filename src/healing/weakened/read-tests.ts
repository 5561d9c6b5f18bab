import { type Assertion, assertionsIn, squashed } from "./assertions.ts";
import { closedAt, indentedUntil } from "./extents.ts";
import { lineAt, type Masked } from "./masked.ts";
import { familyOf } from "./test-files.ts";
import { SHAPES, type TestShape } from "./test-shapes.ts";

/** One test as it stands in a text. */
export interface TestCase {
  readonly path: string;
  /** Its own name, and that with the groups around it. */
  readonly name: string;
  readonly fullName: string;
  readonly line: number;
  /** The lines that keep it from being run. */
  readonly skippedAt: readonly number[];
  /** The lines that keep all others from being run. */
  readonly aloneAt: readonly number[];
  readonly isEmpty: boolean;
  readonly isTable: boolean;
  /** All but its name. */
  readonly body: string;
  /** With what stands above it, and the table of its cases. */
  readonly whole: string;
  readonly assertions: readonly Assertion[];
}

/** The tests of a text, and what it demands outside of them. */
export interface TestsOfFile {
  readonly tests: readonly TestCase[];
  readonly outside: readonly Assertion[];
  /** Lines that keep a whole file from being run. */
  readonly skippedAt: readonly number[];
}

interface Found {
  readonly from: number;
  readonly start: number;
  readonly end: number;
  readonly bodyAt: number;
  readonly name: string;
  readonly isGroup: boolean;
  /** Its head, then what stands above it. */
  readonly head: string;
}

/** Reads the tests of a text by the shape that its family gives them. */
export function readTests(file: Masked): TestsOfFile {
  const family = familyOf(file.path);
  const shape = family && SHAPES[family];
  if (!shape) return { tests: [], outside: [], skippedAt: [] };
  const found = [...file.code.matchAll(shape.start)].flatMap((match) => {
    const one = foundAt(match, shape, file);
    return !shape.needs || shape.needs.test(one.head) ? [one] : [];
  });
  const tests = found
    .filter(({ isGroup }) => !isGroup)
    .map((one) => testOf(one, { file, shape, found }));
  const rest = without(file, found);
  return {
    tests,
    outside: assertionsIn({ ...file, code: rest }, 0, rest.length),
    skippedAt: wholeSkips({ ...file, code: rest }),
  };
}

/** With what is told of nested tests left out, which have their own. */
function without({ code }: Masked, found: readonly Found[]): string {
  const letters = code.split("");
  for (const { from, end, isGroup } of found) {
    if (isGroup) continue;
    for (let at = from; at < end; at += 1) if (letters[at] !== "\n") letters[at] = " ";
  }
  return letters.join("");
}

function foundAt(match: RegExpExecArray, shape: TestShape, { code, text }: Masked): Found {
  const { name, mark = "", sub } = match.groups ?? {};
  const start = match.index + match[0].search(/\S/);
  const after = match.index + match[0].length;
  const how = sub === undefined ? shape.extent : "call";
  const { bodyAt, end } = extentOf(how, code, { start, after });
  const titled = name ?? titleAt(text, how === "call" ? bodyAt : after);
  const from = aboveOf(code, start);
  const upTo = code.slice(start, end).search(/=>|\bfunction\b|\{\s*$|\bdo\b/);
  const headEnd = how === "call" && upTo > 0 ? start + upTo : Math.max(after, bodyAt);
  return {
    from,
    start,
    end,
    bodyAt: Math.min(end, bodyAt + (name === undefined ? titled.length + 2 : 0)),
    name: titled,
    isGroup: shape.isGroup.test(mark),
    head: `${code.slice(start, headEnd)}\n${code.slice(from, start)}`,
  };
}

interface At {
  readonly start: number;
  readonly after: number;
}

/** Where a test ends, and where its body begins. */
function extentOf(how: TestShape["extent"], code: string, { start, after }: At) {
  if (how === "call") return callFrom(code, after);
  if (how === "block") {
    const open = code.slice(after).search(/[{;]/);
    const at = open < 0 ? code.length : after + open;
    return { end: code.charAt(at) === "{" ? closedAt(code, at) : at, bodyAt: at };
  }
  const end = indentedUntil(code, start);
  const lineEnd = code.indexOf("\n", after);
  return { end, bodyAt: lineEnd < 0 ? end : Math.min(lineEnd, end) };
}

/** What a call is given may be given in several brackets; the last of them holds the body. */
function callFrom(code: string, after: number) {
  let [bodyAt, end] = [after, after];
  while (/[(`]/.test(code.charAt(end))) {
    bodyAt = end;
    const quote = code.charAt(end) === "`" ? code.indexOf("`", end + 1) + 1 : 0;
    end = quote > 0 ? quote : closedAt(code, end);
  }
  return { end, bodyAt };
}

const TITLE =
  /^[\s(]*(?:"((?:\\.|[^"\\\n])*)"|'((?:\\.|[^'\\\n])*)'|`((?:\\.|[^`\\])*)`|([^,\n{]*))/;

function titleAt(text: string, at: number): string {
  const [, double, single, back, plain = ""] = TITLE.exec(text.slice(at, at + 2_000)) ?? [];
  return double ?? single ?? back ?? plain.trim();
}

/** Where the attributes, annotations or decorators begin that stand directly above. */
function aboveOf(code: string, start: number): number {
  let from = code.lastIndexOf("\n", start - 1) + 1;
  const own = code.slice(from, start).length;
  while (from > 0) {
    const lineStart = code.lastIndexOf("\n", from - 2) + 1;
    const line = code.slice(lineStart, from - 1);
    const indent = line.length - line.trimStart().length;
    const isPart = /^\s*(?:@|#\[|\[)/.test(line) || (/^\s*[)\]]/.test(line) && indent === own);
    if (!isPart && !(line.trim() !== "" && indent > own && isOpenAbove(code, lineStart))) break;
    from = lineStart;
  }
  return from;
}

/** A decorator over several lines: its first line begins with `@` and its bracket is still open here. */
function isOpenAbove(code: string, at: number): boolean {
  const before = code.slice(Math.max(0, at - 2_000), at);
  const begin = before.lastIndexOf("\n@") + 1 || before.search(/^[ \t]+@/m);
  if (begin < 0) return false;
  const open = before.indexOf("(", begin);
  return open >= 0 && closedAt(before, open) >= before.length;
}

interface Around {
  readonly file: Masked;
  readonly shape: TestShape;
  readonly found: readonly Found[];
}

function testOf(one: Found, { file, shape, found }: Around): TestCase {
  const around = found.filter((other) => other.start < one.start && other.end >= one.end);
  const inside = found.filter((other) => other.from > one.start && other.end <= one.end);
  const own = without(file, inside).slice(0, one.end);
  const line = (at: number) => lineAt(file.text, at);
  const all = [...around, one];
  const itself = shape.skipsItself.exec(own.slice(one.start, one.end));
  return {
    path: file.path,
    name: one.name,
    fullName: all.map(({ name }) => name).join(" > "),
    line: line(one.start),
    skippedAt: [
      ...all.filter(({ head }) => shape.skipped.test(head)).map(({ start }) => line(start)),
      ...(itself ? [line(one.start + itself.index)] : []),
    ],
    aloneAt: all.filter(({ head }) => shape.alone?.test(head)).map(({ start }) => line(start)),
    isEmpty: isEmpty(own.slice(one.start, one.end), shape, own.slice(one.bodyAt, one.end)),
    isTable: all.some(({ start, end, head }) =>
      shape.table.test(head + (start === one.start ? own.slice(start, end) : "")),
    ),
    body: squashed(file.text.slice(one.bodyAt, one.end)),
    whole: squashed(file.text.slice(one.from, one.end)),
    assertions: assertionsIn({ ...file, code: own }, one.start, one.end),
  };
}

const NO_BODY =
  /(?:=>|\))\s*(?:\{\s*(?:return\b[^;{}()\n]*;?)?\s*\}|undefined|null|true)\s*,?\s*\)?$/;
const LEAVES_AT_ONCE = /^[^{]*\{\s*return\s*(?:;|\n)/;

function isEmpty(code: string, { extent }: TestShape, body: string): boolean {
  if (extent !== "indentation") {
    const hasBody =
      extent === "block" || /=>|\bfunction\b|\bfunc\b|,\s*[\w$.]+\s*,?\s*\)$/.test(code);
    return !hasBody || NO_BODY.test(code) || LEAVES_AT_ONCE.test(code);
  }
  const lines = body.split("\n").map((line) => line.trim());
  const [first = "pass"] = lines.filter((line) => /[^\s"'`]/.test(line));
  return /^(?:pass|\.\.\.|return(?: None| nil)?|end)$/.test(first);
}

const WHOLE =
  /pytestmark\s*=[^\n]*(?:skip|xfail)|allow_module_level\s*=\s*True|\bcollect_ignore\b|@(?:Disabled|Ignore)\b/g;
const BUILD = /\/\/\s*(?:go:build|\+build)\b/g;

function wholeSkips({ path, text, code, comments }: Masked): number[] {
  const found = [...code.matchAll(WHOLE)];
  const built = familyOf(path) === "go" ? [...comments.matchAll(BUILD)] : [];
  return [...found, ...built].map(({ index }) => lineAt(text, index));
}
