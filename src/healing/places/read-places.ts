import { compilers } from "./families/compilers.ts";
import { go } from "./families/go.ts";
import { java } from "./families/java.ts";
import { javascript } from "./families/javascript.ts";
import { linters } from "./families/linters.ts";
import { python } from "./families/python.ts";
import { rust } from "./families/rust.ts";
import type { FailingPlace, Frame } from "./place.ts";
import type { RepositoryFiles } from "./repository-files.ts";
import type { Rule } from "./rule.ts";

const RULES: readonly Rule[] = [
  ...python,
  ...java,
  ...javascript,
  ...rust,
  ...go,
  ...linters,
  ...compilers,
];
const MOST_FRAMES = 20;
const EXCERPT_LINES = 12;
const LONGEST_MESSAGE = 500;

/** What is said of a thing that is not wrong. */
const HARMLESS = new Set(["note", "info", "hint", "help"]);

/** A place as it is read, with how bad the tool says it is. */
export interface Read extends FailingPlace {
  readonly isWarning: boolean;
}

/** A complaint that may go on in the next line. */
interface Open {
  test: string | undefined;
  file: string | undefined;
  place: (Frame & { readonly column?: number | undefined }) | undefined;
  code: string | undefined;
  isWarning: boolean;
  /** What the tool says it says; only taken for it where `isSure` is false. */
  message: string | undefined;
  isSure: boolean;
  isInnermostLast: boolean;
  readonly frames: Frame[];
  readonly excerpt: string[];
}

/** Everything that the lines complain about, in their order. One pass, whatever they hold. */
export function readPlaces(lines: readonly string[], files: RepositoryFiles): readonly Read[] {
  const reading: Reading = { files, places: [], heading: undefined, open: undefined };
  for (const line of lines) take(reading, line);
  close(reading);
  return reading.places;
}

interface Found {
  readonly rule: Rule;
  readonly groups: Readonly<Record<string, string | undefined>>;
  /** The file that is named, where the repository has it. */
  readonly file: string | undefined;
}

interface Reading {
  readonly files: RepositoryFiles;
  readonly places: Read[];
  /** The file that rows without one are about. */
  heading: string | undefined;
  open: Open | undefined;
}

function take(reading: Reading, line: string): void {
  const found = foundIn(line, reading);
  if (found) ACTS[found.rule.kind](reading, found, line);
  else if (reading.open && line !== "") goOn(reading.open, line);
}

const ACTS: Readonly<Record<Rule["kind"], (to: Reading, found: Found, line: string) => void>> = {
  row(reading, found, line) {
    begin(reading, { ...found, file: found.file ?? reading.heading }, line);
    // Whole as it is: what follows is another one's.
    if (reading.open) say(reading.open, reading.open.message ?? "");
  },
  heading(reading, { file }) {
    reading.heading = file;
  },
  test(reading, found, line) {
    close(reading);
    begin(reading, { ...found, file: found.file ?? reading.heading }, line);
  },
  start: begin,
  message: add,
  frame: add,
  place(reading, found, line) {
    // With a place of its own already, the open one is over.
    if (reading.open?.place || (reading.open?.frames.length ?? 0) > 0) close(reading);
    add(reading, found, line);
  },
};

function close(reading: Reading): void {
  const place = reading.open && placeOf(reading.open, reading.files);
  if (place) reading.places.push(place);
  reading.open = undefined;
}

function begin(reading: Reading, found: Found, line: string): void {
  if (reading.open && !goesOnWith(reading.open, found)) close(reading);
  const { test, code, rule, message, severity } = found.groups;
  const open = reading.open ?? nothing();
  open.test = test ?? open.test;
  open.file = found.file ?? open.file;
  open.code = code ?? rule ?? open.code;
  open.isWarning = severity === "warning";
  open.isInnermostLast ||= found.rule.innermost === "last";
  say(open, message);
  open.place ??= placeIn(found);
  open.excerpt.push(line);
  reading.open = open;
}

function add(reading: Reading, found: Found, line: string): void {
  const open = reading.open ?? nothing();
  reading.open = open;
  if (open.excerpt.length < EXCERPT_LINES) open.excerpt.push(line);
  say(open, found.groups.message);
  if (found.rule.innermost === "last") open.isInnermostLast = true;
  const place = placeIn(found);
  if (found.rule.kind === "place") {
    open.place ??= place;
    open.file ??= found.file;
  } else if (place && open.frames.length < MOST_FRAMES) open.frames.push(place);
}

function foundIn(line: string, { files, heading }: Reading): Found | undefined {
  for (const rule of line === "" ? [] : RULES) {
    const match = rule.pattern.exec(line);
    if (!match) continue;
    const groups = match.groups ?? {};
    const file = groups.file === undefined ? undefined : files.find(groups.file);
    if (isAbout({ rule, groups, file }, heading)) return { rule, groups, file };
  }
  return undefined;
}

/** A line that names a file speaks of the repository only where it has this file. */
function isAbout({ rule, groups, file }: Found, heading: string | undefined): boolean {
  if (HARMLESS.has(groups.severity ?? "")) return false;
  if (rule.kind === "test" || rule.kind === "start" || rule.kind === "frame") return true;
  if (rule.kind === "row") return (groups.file === undefined ? heading : file) !== undefined;
  return groups.file === undefined || file !== undefined;
}

function nothing(): Open {
  return {
    test: undefined,
    file: undefined,
    place: undefined,
    code: undefined,
    isWarning: false,
    message: undefined,
    isSure: false,
    isInnermostLast: false,
    frames: [],
    excerpt: [],
  };
}

/** Whether what begins is what a test, a place or a stack says that has said nothing for sure yet. */
function goesOnWith(open: Open, { rule }: Found): boolean {
  if (open.isSure) return false;
  return open.frames.length === 0 || (open.isInnermostLast && rule.innermost === undefined);
}

function say(open: Open, message: string | undefined): void {
  if (message === undefined || open.isSure) return;
  open.message = message.trim();
  open.isSure = true;
}

/** Mocha numbers a failure, and names its suites and itself on lines below each other; a colon ends the name. */
const NUMBERED = /^\s+\d+\) .*[^:]$/;
const LAST_NAME = /^\s+(?<name>\S.*):$/;

/** A line that no rule knows: the first one is what is said, if nothing better comes. */
function goOn(open: Open, line: string): void {
  const name = NUMBERED.test(open.excerpt[0] ?? "")
    ? LAST_NAME.exec(line)?.groups?.name
    : undefined;
  if (name !== undefined && open.message === undefined) open.test = `${open.test} ${name}`;
  else takeIn(open, line);
}

function takeIn(open: Open, line: string): void {
  if (open.excerpt.length < EXCERPT_LINES) open.excerpt.push(line);
  // A traceback says what it is about below its frames, and not indented.
  if (open.isInnermostLast && !open.isSure && open.frames.length > 0 && /^\S/.test(line)) {
    say(open, line);
  }
  open.message ??= open.isInnermostLast ? undefined : line.trim();
}

function placeIn({ groups, file }: Found): Open["place"] {
  const line = Number(groups.line);
  if (file === undefined || !Number.isSafeInteger(line) || line < 1) return undefined;
  const column = groups.column === undefined ? undefined : Number(groups.column);
  return { file, line, column };
}

/** Undefined for what names neither a test nor a file of the repository. */
function placeOf(open: Open, files: RepositoryFiles): Read | undefined {
  const frames = open.isInnermostLast ? open.frames.toReversed() : open.frames;
  const at = open.place ?? frames[0];
  const file = at?.file ?? open.file ?? fileIn(open.message ?? "", files);
  if (file === undefined && open.test === undefined) return undefined;
  const { test, code, isWarning, message = "" } = open;
  return {
    file,
    line: at?.line,
    column: open.place?.column,
    code,
    test,
    message: message.slice(0, LONGEST_MESSAGE).toWellFormed(),
    excerpt: open.excerpt.slice(0, EXCERPT_LINES).join("\n").toWellFormed(),
    frames: frames.map(({ file: path, line }) => ({ file: path, line })),
    isWarning,
  };
}

/** The first file of the repository that a message speaks of. */
function fileIn(message: string, files: RepositoryFiles): string | undefined {
  const words = message.slice(0, LONGEST_MESSAGE).split(/[\s"'`()[\]<>,;]+|:(?!\/\/)/);
  return words
    .filter((word) => word.includes("."))
    .map((word) => files.find(word))
    .find((file) => file !== undefined);
}
