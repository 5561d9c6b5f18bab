import { definitionsOf } from "../../core/definitions.ts";
import type { SandboxSession } from "../../core/sandbox.ts";
import type { Syntax } from "../../core/syntax.ts";
import { type Bench, done, failed, type ToolResult } from "../tool.ts";
import { LOOK_TIMEOUT_MS } from "./files-in-sandbox.ts";

const MAX_FILES = 60;
const MAX_SHOWN = 60;
const MAX_LINE = 200;
// In base64 below what any sandbox keeps of a command's output.
const BATCH_BYTES = 120_000;

// Files that hold the word, each with its size.
const FILES = `
grep -rlwIF --exclude-dir=.git --exclude-dir=node_modules -e "$1" -- "$2" | sort | head -n ${MAX_FILES + 1} |
while IFS= read -r file; do printf '%d %s\\n' "$(($(wc -c < "$file")))" "$file"; done`;
const BODIES = `for file in "$@"; do base64 < "$file" | tr -d '\\n'; echo; done`;
const LINES = `grep -nHwIF -m 20 -e "$@" | LC_ALL=C cut -b 1-600`;

/** Where a name is defined; where its files have no grammar, the lines that hold it as a word, and said to be no more. */
export async function findSymbol(name: string, below: string, bench: Bench): Promise<ToolResult> {
  const { session } = bench;
  const own = name.split(/[.#]|::/).at(-1) ?? name;
  if (!/^[\w$-]+$/u.test(own)) {
    return failed(
      "A symbol is one name, such as parseConfig or Server.close. Search for other text without `symbol`.",
    );
  }
  const { output, ending } = await session.run(["sh", "-c", FILES, "sh", own, below], {
    timeoutMs: LOOK_TIMEOUT_MS,
  });
  if (ending !== "exited") return failed("The search took too long. Narrow it with `path`.");
  const files = output.split("\n").flatMap(sizedFile);
  if (files.length === 0) return done("Nothing found: no file holds this word.");
  const found = await look(
    { name, own, files: files.slice(0, MAX_FILES) },
    session,
    await bench.syntax?.(),
  );
  const left =
    files.length > MAX_FILES ? ["[More files hold the word. Narrow it with `path`.]"] : [];
  return done([...found, ...left].join("\n"));
}

interface SizedFile {
  readonly path: string;
  readonly size: number;
}

function sizedFile(line: string): SizedFile[] {
  const found = /^(?<size>\d+) \.\/(?<path>.+)$/.exec(line)?.groups;
  return found?.path === undefined ? [] : [{ path: found.path, size: Number(found.size) }];
}

interface Wanted {
  readonly name: string;
  readonly own: string;
  readonly files: readonly SizedFile[];
}

async function look(
  { name, own, files }: Wanted,
  session: SandboxSession,
  syntax: Syntax | undefined,
): Promise<readonly string[]> {
  const read = syntax
    ? await textsOf(
        files.filter(({ path }) => syntax.languageOf(path)),
        session,
      )
    : new Map<string, string>();
  const definitions: (() => string)[] = [];
  const unread: string[] = [];
  for (const { path } of files) {
    const text = read.get(path);
    const found = text === undefined ? undefined : definedIn(path, { text, name, syntax });
    if (found) definitions.push(...found);
    else unread.push(path);
  }
  const shown = definitions.slice(0, MAX_SHOWN).map((line) => line());
  const more =
    definitions.length > MAX_SHOWN ? [`[${definitions.length - MAX_SHOWN} more definitions.]`] : [];
  const none =
    definitions.length === 0
      ? [
          `No definition of ${name} was found where there is a grammar; ${files.length - unread.length} such files hold the word.`,
        ]
      : [];
  return [...shown, ...more, ...none, ...(await wordsIn(unread, own, session))];
}

/** The definitions of the name, each to be put in words where it is shown: counting lines takes time. */
function definedIn(
  path: string,
  { text, name, syntax }: { text: string; name: string; syntax: Syntax | undefined },
): readonly (() => string)[] | undefined {
  const tree = syntax?.parse(path, text);
  const definitions = tree && definitionsOf(tree, text);
  if (!definitions) return undefined;
  const wanted = name.replaceAll(/#|::/g, ".");
  const lineAt = (offset: number) => text.slice(0, offset).split("\n").length;
  return definitions
    .filter((one) => one.name === wanted || one.name.endsWith(`.${wanted}`))
    .map(
      (one) => () => `${path}:${lineAt(one.start)}-${lineAt(one.end - 1)}: ${one.kind} ${one.name}`,
    );
}

/** The bytes of many files in few commands; what is not UTF-8 has characters in their places that match no name. */
async function textsOf(
  files: readonly SizedFile[],
  session: SandboxSession,
): Promise<ReadonlyMap<string, string>> {
  const texts = new Map<string, string>();
  for (const batch of batchesOf(files)) {
    const command = ["sh", "-c", BODIES, "sh", ...batch.map((path) => `./${path}`)];
    const { output, truncated } = await session.run(command, { timeoutMs: LOOK_TIMEOUT_MS });
    const lines = output.split("\n");
    if (truncated || lines.length < batch.length) continue;
    for (const [index, path] of batch.entries()) {
      const bytes = Uint8Array.from(atob(lines[index] ?? ""), (c) => c.charCodeAt(0));
      texts.set(path, new TextDecoder().decode(bytes));
    }
  }
  return texts;
}

/** Larger files are left to the search for words. */
function batchesOf(files: readonly SizedFile[]): string[][] {
  const batches: string[][] = [];
  let room = 0;
  for (const { path, size } of files) {
    if (size > BATCH_BYTES) continue;
    if (size > room || batches.length === 0) {
      batches.push([]);
      room = BATCH_BYTES;
    }
    batches.at(-1)?.push(path);
    room -= size;
  }
  return batches;
}

async function wordsIn(
  paths: readonly string[],
  word: string,
  session: SandboxSession,
): Promise<readonly string[]> {
  if (paths.length === 0) return [];
  const command = ["sh", "-c", LINES, "sh", word, "--", ...paths.map((path) => `./${path}`)];
  const { output } = await session.run(command, { timeoutMs: LOOK_TIMEOUT_MS });
  const lines = output.split("\n").filter((line) => line !== "");
  const shown = lines
    .slice(0, MAX_SHOWN)
    .map((line) => line.replace(/^\.\//, "").slice(0, MAX_LINE));
  const why =
    "Lines with the word in files whose definitions cannot be told (no grammar, or too large):";
  return lines.length === 0 ? [] : [why, ...shown];
}
