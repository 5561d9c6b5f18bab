import { z } from "zod";
import { type Bench, createTool, done, failed, malformed, type ToolResult } from "../tool.ts";
import { LOOK_TIMEOUT_MS } from "./files-in-sandbox.ts";
import { findSymbol } from "./find-symbol.ts";
import { refuseUnsafe } from "./permitted-path.ts";

const MAX_LINES = 200;
const MAX_LINE_LENGTH = 300;
const MOST_PER_FILE = 50;

// What grep says of itself comes last: its ending is lost in the pipe, and a long line must not push out the others.
const GREP = `
{ grep -rnIH -m ${MOST_PER_FILE} --exclude-dir=.git --exclude-dir=node_modules "$@" 2>&1; echo "[grep ended: $?]"; } |
LC_ALL=C cut -b 1-900`;
const ENDED = /^\[grep ended: (?<code>\d+)\]\n?$/m;

const Search = z.strictObject({
  pattern: z.string().min(1).max(1000),
  regex: z.boolean().optional(),
  symbol: z.boolean().optional(),
  path: z.string().optional(),
  context: z.int().min(0).max(10).optional(),
});
type Search = z.infer<typeof Search>;

/** Finds lines by a fixed text or a regular expression, or where a name is defined. */
export const searchFiles = createTool({
  name: "search",
  description:
    "Finds lines in the repository's text files. `pattern` is plain text, an extended regular expression when `regex` is true, or a name whose definitions are wanted when `symbol` is true. `path` narrows it to a folder or file. `context` shows as many lines around each one.",
  input: Search,
  async use(asked, bench) {
    const { pattern, path = "", regex, symbol, context } = asked;
    if (/[\0\n]/.test(pattern)) return malformed("A pattern is one line, without NUL.");
    if (symbol && (regex || context)) {
      return malformed(
        "With `symbol`, `pattern` is a name: `regex` and `context` do not go with it.",
      );
    }
    const refusal = path === "" || path === "." ? undefined : refuseUnsafe(path);
    if (refusal) return refusal;
    const below = path === "" ? "." : `./${path}`;
    return symbol ? await findSymbol(pattern, below, bench) : await grep(asked, below, bench);
  },
});

async function grep(
  { pattern, regex = false, context = 0 }: Search,
  below: string,
  { session }: Bench,
): Promise<ToolResult> {
  const kind = regex ? "-E" : "-F";
  const around = context > 0 ? ["-C", String(context)] : [];
  const command = ["sh", "-c", GREP, "sh", kind, ...around, "-e", pattern, "--", below];
  const result = await session.run(command, { timeoutMs: LOOK_TIMEOUT_MS });
  const code = ENDED.exec(result.output)?.groups?.code;
  const output = result.output.replace(ENDED, "");
  if (code === undefined) return failed("The search took too long. Narrow it with `path`.");
  // grep: 1 is nothing found; 2 with lines found is a file it could not read among those it could.
  if (code === "1") return done("Nothing found.");
  if (code !== "0" && !/^\.\/.*?:\d+:/m.test(output)) return failed(output);
  return done(shortened(output, result.truncated));
}

function shortened(output: string, truncated: boolean): string {
  const lines = output.split("\n").filter((line) => line !== "");
  const shown = lines.slice(0, MAX_LINES).map(shortLine);
  const more = truncated || lines.length > MAX_LINES;
  return [
    ...shown,
    ...(more ? ["[There are more. Narrow the search.]"] : []),
    ...fullest(lines).map(
      (file) => `[${file} has ${MOST_PER_FILE} such lines or more; the others are not shown.]`,
    ),
  ].join("\n");
}

function shortLine(line: string): string {
  const text = line.replace(/^\.\//, "");
  return text.length <= MAX_LINE_LENGTH ? text : `${text.slice(0, MAX_LINE_LENGTH)} […]`;
}

/** The files in which grep stopped looking. */
function fullest(lines: readonly string[]): readonly string[] {
  const counts = new Map<string, number>();
  for (const line of lines) {
    const file = /^\.\/(?<file>.*?):\d+:/.exec(line)?.groups?.file;
    if (file !== undefined) counts.set(file, (counts.get(file) ?? 0) + 1);
  }
  return [...counts].filter(([, count]) => count >= MOST_PER_FILE).map(([file]) => file);
}
