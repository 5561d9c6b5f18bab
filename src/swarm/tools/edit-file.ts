import { z } from "zod";
import { visible } from "../../core/untrusted.ts";
import { createTool, failed, type ToolResult } from "../tool.ts";
import { readText, writeText } from "./files-in-sandbox.ts";
import { refuseStray } from "./permitted-path.ts";

const Replacement = z.strictObject({
  path: z.string(),
  old: z.string(),
  new: z.string(),
  all: z.boolean().optional(),
});
type Replacement = z.infer<typeof Replacement>;

/** Replaces text that occurs exactly once, or everywhere when told so; creates a file from empty `old`. */
export const editFile = createTool({
  name: "edit",
  description:
    "Replaces `old` by `new` in a file. `old` must be the file's exact text, without line numbers, and occur exactly once unless `all` is true. To create a file, leave `old` empty.",
  input: Replacement,
  async use(edit, { session, paths }) {
    const refusal = refuseStray(edit.path, paths);
    if (refusal) return refusal;
    const file = await readText(session, edit.path);
    if (file.kind === "refused") return failed(file.reason);
    const text = file.kind === "absent" ? undefined : file.text;
    const edited = text === undefined || text === "" ? created(edit, text) : replaced(text, edit);
    return typeof edited === "string" ? await writeText(session, edit.path, edited) : edited;
  },
});

function created(edit: Replacement, text: string | undefined): string | ToolResult {
  if (edit.old === "") return edit.new;
  return failed(
    text === undefined
      ? `There is no file ${edit.path}. To create it, leave \`old\` empty.`
      : `${edit.path} is empty. To fill it, leave \`old\` empty.`,
  );
}

function replaced(text: string, edit: Replacement): string | ToolResult {
  if (edit.old === "") return failed(`${edit.path} exists already. Give the text to replace.`);
  const [from, to] = [edit.old, edit.new].map((side) => withLineEndingsOf(text, side));
  if (from === undefined || to === undefined || from === to)
    return failed("`old` and `new` are the same.");
  const places = count(text, from);
  if (places === 0) return failed(notFound(text, from));
  if (places > 1 && edit.all !== true) {
    return failed(`\`old\` occurs ${places} times. Add lines around it, or set \`all\`.`);
  }
  return text.split(from).join(to);
}

/** The model is shown "\n" only; a file that ends all its lines with "\r\n" keeps doing so. */
function withLineEndingsOf(file: string, text: string): string {
  const windows = file.includes("\r\n") && !/(?<!\r)\n/.test(file);
  return windows ? text.replaceAll(/\r?\n/g, "\r\n") : text;
}

/** Counts also places that overlap: each of them could be meant. */
function count(text: string, part: string): number {
  let places = 0;
  for (let at = text.indexOf(part); at !== -1; at = text.indexOf(part, at + 1)) places += 1;
  return places;
}

function notFound(text: string, old: string): string {
  const hidden = visible(text).includes(visible(old));
  return hidden
    ? "`old` differs from the file only by characters that are not shown to you. Choose other text, or change it with a command."
    : "`old` does not occur in the file. Read the file again: every blank must be the same.";
}
