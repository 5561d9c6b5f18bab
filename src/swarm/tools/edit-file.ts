import { z } from "zod";
import { symbolProblem } from "../own-symbols.ts";
import { type Bench, createTool, failed, malformed, type ToolResult } from "../tool.ts";
import { readText, writeText } from "./files-in-sandbox.ts";
import { refuseStray } from "./permitted-path.ts";
import { replaceAll } from "./replace-text.ts";

const MAX_EDITS = 50;

const Replacement = z.strictObject({
  old: z.string(),
  new: z.string(),
  all: z.boolean().optional(),
});

const Edit = z.strictObject({
  path: z.string(),
  old: z.string().optional(),
  new: z.string().optional(),
  all: z.boolean().optional(),
  edits: z.array(Replacement).min(1).max(MAX_EDITS).optional(),
});
type Edit = z.infer<typeof Edit>;

const FORMS = "Give either `old` and `new`, or `edits` with one or more of them.";

/** Replaces text that occurs exactly once, or everywhere when told so; creates a file from empty `old`. All of a call's edits or none. */
export const editFile = createTool({
  name: "edit",
  description:
    "Replaces `old` by `new` in a file. `old` must be the file's exact text, without line numbers, and occur exactly once unless `all` is true. To create a file, leave `old` empty. For several replacements in one file give `edits` instead: each is made in what the one before left, and all are made or none.",
  input: Edit,
  async use(edit, bench) {
    const edits = editsOf(edit);
    if (!edits) return malformed(FORMS);
    const { path } = edit;
    const refusal = refuseStray(path, bench.item.paths) ?? refuseText(edits.map((one) => one.new));
    if (refusal) return refusal;
    const file = await readText(bench.session, path);
    if (file.kind === "refused") return failed(file.reason);
    const before = file.kind === "absent" ? undefined : file.text;
    if (before?.includes("\0")) return failed("This is a binary file. Change it with a command.");
    const edited = replaceAll(before, edits, path);
    if ("problem" in edited) return failed(edited.problem);
    const stray = await strayChange({ path, before: before ?? "", after: edited.text }, bench);
    return stray ?? (await writeText(bench.session, path, edited.text));
  },
});

function editsOf({
  old,
  new: to,
  all,
  edits,
}: Edit): readonly z.infer<typeof Replacement>[] | undefined {
  const isSingle = old !== undefined && to !== undefined;
  if (edits) return old === undefined && to === undefined && all === undefined ? edits : undefined;
  return isSingle ? [{ old, new: to, ...(all !== undefined && { all }) }] : undefined;
}

function refuseText(texts: readonly string[]): ToolResult | undefined {
  if (texts.some((text) => text.includes("\0"))) {
    return failed("`new` holds a NUL character, which no text file has. Write it as an escape.");
  }
  if (texts.every((text) => text.isWellFormed())) return undefined;
  return failed("`new` holds half of a character (a lone surrogate), which no file can hold.");
}

/** The refusal of a change to what is another work item's in a file that both change. */
async function strayChange(
  change: { readonly path: string; readonly before: string; readonly after: string },
  { item, syntax }: Bench,
): Promise<ToolResult | undefined> {
  const own = item.symbols?.filter(({ path }) => path === change.path) ?? [];
  if (own.length === 0) return undefined;
  const names = own.flatMap((one) => one.names);
  const problem = symbolProblem({ ...change, names }, await syntax?.());
  return problem === undefined ? undefined : failed(problem);
}
