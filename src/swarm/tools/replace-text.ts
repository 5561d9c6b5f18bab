import { visible } from "../../core/untrusted.ts";

/** One place, or all places, of a text to be put otherwise. */
export interface Replacement {
  readonly old: string;
  readonly new: string;
  readonly all?: boolean | undefined;
}

type Replaced = { readonly text: string } | { readonly problem: string };

/** The text after the replacements, each made in what the one before left; or what is wrong with the first that cannot be made. */
export function replaceAll(
  before: string | undefined,
  edits: readonly Replacement[],
  path: string,
): Replaced {
  let text = before;
  for (const [index, edit] of edits.entries()) {
    const next = text ? replaced(text, edit, path) : created(edit, { text, path });
    if ("problem" in next) {
      const { problem } = next;
      if (edits.length === 1) return { problem };
      return {
        problem: `Edit ${index + 1} of ${edits.length}: ${problem} Nothing was changed.`,
      };
    }
    text = next.text;
  }
  return { text: text ?? "" };
}

function created(
  edit: Replacement,
  { text, path }: { readonly text: string | undefined; readonly path: string },
): Replaced {
  if (edit.old === "") return { text: edit.new };
  return {
    problem:
      text === undefined
        ? `There is no file ${path}. To create it, leave \`old\` empty.`
        : `${path} is empty. To fill it, leave \`old\` empty.`,
  };
}

function replaced(text: string, edit: Replacement, path: string): Replaced {
  if (edit.old === "") return { problem: `${path} exists already. Give the text to replace.` };
  const [from = "", to = ""] = [edit.old, edit.new].map((side) => withLineEndingsOf(text, side));
  if (from === to) return { problem: "`old` and `new` are the same." };
  const places = count(text, from);
  if (places === 0) return { problem: notFound(text, from) };
  if (places > 1 && edit.all !== true) {
    return { problem: `\`old\` occurs ${places} times. Add lines around it, or set \`all\`.` };
  }
  return { text: text.split(from).join(to) };
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
