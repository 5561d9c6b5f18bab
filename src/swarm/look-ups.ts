import { z } from "zod";
import type { ToolDefinition } from "../core/model.ts";
import { folderLines } from "./folders.ts";
import { isGlob, matchesGlob } from "./glob.ts";
import type { Library } from "./library.ts";
import { isNamed } from "./own-symbols.ts";
import { globProblem, pathProblem } from "./safe-path.ts";
import { done, failed, schemaProblem, type ToolResult } from "./tool.ts";

/** What the architect may look into. */
export interface Shelf {
  /** Paths of all files. */
  readonly paths: readonly string[];
  readonly library: Library;
}

/** A question to the repository. It changes nothing, and is answered without a container. */
interface LookUp {
  readonly definition: ToolDefinition;
  answer(input: unknown, shelf: Shelf): Promise<ToolResult>;
}

const MAX_PATHS = 300;
const LINES_AT_ONCE = 400;
const MAX_LINE = 400;
const MAX_HITS = 150;
const MAX_SYMBOL_FILES = 40;

function lookUp<Input extends z.ZodType>(shape: {
  readonly name: string;
  readonly description: string;
  readonly input: Input;
  use(input: z.infer<Input>, shelf: Shelf): Promise<ToolResult> | ToolResult;
}): LookUp {
  const { name, description, input: schema } = shape;
  return {
    definition: { name, description, input: schema },
    async answer(input, shelf) {
      const parsed = schema.safeParse(input);
      if (!parsed.success) return { kind: "malformed", text: schemaProblem(parsed.error) };
      return await shape.use(parsed.data, shelf);
    },
  };
}

const list = lookUp({
  name: "list",
  description:
    "Lists files of the repository. `path` is a folder or a glob such as src/**/*.ts; empty for everything. Where there are too many, folders are listed with counts.",
  input: z.strictObject({ path: z.string().max(300) }),
  use({ path: asked }, { paths }) {
    const path = asked.replace(/^\.?\/*$|^\.\/|\/+$/g, "");
    const problem = path === "" ? undefined : globProblem(path);
    if (problem) return failed(`The path was refused: ${problem}.`);
    const covers = (file: string) => file === path || file.startsWith(`${path}/`);
    const isMeant = isGlob(path) ? (file: string) => matchesGlob(path, file) : covers;
    const found = path === "" ? paths : paths.filter(isMeant);
    if (found.length === 0) return done("There are no such files.");
    const lines = found.length > MAX_PATHS ? folderLines(found, MAX_PATHS) : found;
    // Whatever a path holds, it is one line.
    return done(lines.map((line) => line.replaceAll(/\s/g, " ")).join("\n"));
  },
});

const read = lookUp({
  name: "read",
  description: `Shows a file with line numbers, ${LINES_AT_ONCE} lines at once; \`from\` and \`to\` choose others.`,
  input: z.strictObject({
    path: z.string(),
    from: z.int().positive().optional(),
    to: z.int().positive().optional(),
  }),
  async use({ path, from = 1, to = from + LINES_AT_ONCE - 1 }, { library }) {
    const problem = pathProblem(path);
    if (problem) return failed(`The path was refused: ${problem}.`);
    if (to < from) return failed("`to` is before `from`.");
    const text = await library.read(path);
    if (text === undefined) return failed("There is no such file.");
    if (text.includes("\0")) return failed("The file is not text.");
    const lines = text.replace(/\n$/, "").split("\n");
    const shown = lines.slice(from - 1, Math.min(to, from + LINES_AT_ONCE - 1));
    const numbered = shown.map(
      (line, index) => `${String(from + index).padStart(6)}\t${beginning(line)}`,
    );
    return done([...numbered, `[${lines.length} lines in all]`].join("\n"));
  },
});

/** What is cut says so: it could be taken for all of the line. */
function beginning(line: string): string {
  return line.length > MAX_LINE ? `${line.slice(0, MAX_LINE).toWellFormed()} […]` : line;
}

const search = lookUp({
  name: "search",
  description:
    "Finds lines in the repository's text files. `pattern` is plain text, or an extended regular expression when `regex` is true. `path` narrows it to a folder or file.",
  input: z.strictObject({
    pattern: z.string().min(1).max(1000),
    regex: z.boolean().optional(),
    path: z.string().optional(),
  }),
  async use({ pattern, regex = false, path: asked = "" }, { library }) {
    const path = asked.replace(/^\.?\/*$|^\.\/|\/+$/g, "");
    const problem = path === "" ? undefined : pathProblem(path);
    if (problem) return failed(`The path was refused: ${problem}.`);
    const searched = await library.search({ pattern, regex, path });
    if (searched.kind === "refused") return failed(`Not searched: ${searched.why}.`);
    if (searched.hits.length === 0) return done("Nothing found.");
    const shown = searched.hits.slice(0, MAX_HITS);
    const isMore = searched.isCut || searched.hits.length > MAX_HITS;
    const more = isMore ? ["[There are more. Narrow the search.]"] : [];
    return done([...shown.map((h) => `${h.path}:${h.line}: ${h.text}`), ...more].join("\n"));
  },
});

const symbol = lookUp({
  name: "symbol",
  description:
    "Finds where a function, class, constant, key or section is defined, by its name, such as parseConfig or Cart.total.",
  input: z.strictObject({ name: z.string().min(1).max(200) }),
  async use({ name }, { library }) {
    const own =
      name
        .replace(/\(\)$/, "")
        .split(/[.#]|::/)
        .at(-1) ?? "";
    const searched = await library.search({ pattern: own || name, regex: false, path: "" });
    if (searched.kind === "refused") return failed(`Not searched: ${searched.why}.`);
    const files = [...new Set(searched.hits.map(({ path }) => path))];
    const looked = files.slice(0, MAX_SYMBOL_FILES);
    const found = await Promise.all(looked.map((path) => definedIn(path, name, library)));
    const isMore = searched.isCut || files.length > looked.length;
    const more = isMore ? ["[More files hold the name. Use search with a path.]"] : [];
    const lines = [...found.flat(), ...more];
    return done(lines.join("\n") || "No file that can be parsed defines it. Use search.");
  },
});

async function definedIn(path: string, name: string, library: Library): Promise<string[]> {
  const definitions = await library.definitions(path);
  const named = (definitions ?? []).filter((one) => isNamed(one.name, name));
  if (named.length === 0) return [];
  const text = (await library.read(path)) ?? "";
  const lineAt = (offset: number) => text.slice(0, offset).split("\n").length;
  return named.map(
    (one) => `${path}:${lineAt(one.start)}-${lineAt(one.end - 1)}: ${one.kind} ${one.name}`,
  );
}

/** Everything that the architect can ask of the repository. */
export const LOOK_UPS: readonly LookUp[] = [list, read, search, symbol];
