import { visible } from "../../core/untrusted.ts";

/** One place, or all places, of a text to be put otherwise. */
export interface Replacement {
  readonly old: string;
  readonly new: string;
  readonly all?: boolean | undefined;
}

/** The largest text that is made, in characters: what is larger could not be edited any more. */
const MAX_TEXT = 1024 * 1024;
/** Counting on would take long where a long text overlaps itself. */
const MOST_COUNTED = 100;

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
    const times = places < MOST_COUNTED ? `${places} times` : `${places} times or more`;
    return { problem: `\`old\` occurs ${times}. Add lines around it, or set \`all\`.` };
  }
  const parts = text.split(from);
  const size = text.length + (parts.length - 1) * (to.length - from.length);
  if (size > MAX_TEXT && size > text.length) {
    return { problem: "The file would be larger than 1 MiB." };
  }
  return { text: parts.join(to) };
}

/** The model is shown "\n" only; a file that ends all its lines with "\r\n" keeps doing so. */
function withLineEndingsOf(file: string, text: string): string {
  const windows = file.includes("\r\n") && !/(?<!\r)\n/.test(file);
  return windows ? text.replaceAll(/\r?\n/g, "\r\n") : text;
}

/** Counts also places that overlap: each of them could be meant. No further than is said. */
function count(text: string, part: string): number {
  let places = 0;
  for (let at = text.indexOf(part); at !== -1; at = text.indexOf(part, at + 1)) {
    places += 1;
    if (places === MOST_COUNTED) break;
  }
  return places;
}

function notFound(text: string, old: string): string {
  const hidden = visible(text).includes(visible(old));
  return hidden
    ? "`old` differs from the file only by characters that are not shown to you. Choose other text, or change it with a command."
    : "`old` does not occur in the file. Read the file again: every blank must be the same.";
}
