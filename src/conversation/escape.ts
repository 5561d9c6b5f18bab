import { visible } from "../core/untrusted.ts";

/** As an entity: people see nothing, GitHub sees no mention, reference, link or marker any more. */
const BREAK = "&#8203;";
const ENTITIES: Readonly<Record<string, string>> = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  $: "&#36;",
};
/** All that GitHub could read as more than a letter, in one pass so that no answer is read again. */
const SPECIAL =
  /[&<>$\\`*_[\]~|#@]|(?<![a-z0-9])(?:gh-(?=\d)|www(?=\.))|:(?=\/\/|:)|^[-+=]|(?<=^\d{1,9})[.)]/gi;

/** Hostile text as words in a line of Markdown: it links, pings, refers to, styles and hides nothing. */
export function inline(text: string, longest = 200): string {
  return shortened(oneLine(text), longest).replace(SPECIAL, (found) => {
    if (found === "#") return `\\#${BREAK}`;
    if (/^[@:]$|^gh-$|^www$/i.test(found)) return found + BREAK;
    return ENTITIES[found] ?? `\\${found}`;
  });
}

/** Hostile text as a code span of one line. */
export function code(text: string, longest = 200): string {
  const line = withoutMarkers(shortened(oneLine(text), longest));
  if (line === "") return "(empty)";
  const ticks = "`".repeat(longestRun(line) + 1);
  return /^`|`$/.test(line) ? `${ticks} ${line} ${ticks}` : `${ticks}${line}${ticks}`;
}

/** Markdown made by the functions of this file as the content of a table's cell. */
export function cell(markdown: string): string {
  // Pipes end cells even inside code spans; an odd number of backslashes keeps each from doing so.
  return markdown.replaceAll(/(\\*)\|/g, (pipe, slashes: string) =>
    slashes.length % 2 === 0 ? `${slashes}\\|` : pipe,
  );
}

/** Hostile text as a block of code that it cannot close. */
export function fenced(text: string, language: "text" | "diff" = "text"): string {
  const body = withoutMarkers(visible(text)).trimEnd();
  const fence = "`".repeat(Math.max(3, longestRun(body) + 1));
  return `${fence}${language}\n${body}\n${fence}`;
}

/** Hostile text as a quotation, so nobody takes it for our words. */
export function quotation(text: string, longest = 500): string {
  const lines = shortened(visible(text).trim(), longest)
    .split("\n")
    .filter((line) => line.trim() !== "");
  return lines.map((line) => `> ${inline(line, longest)}`).join("\n>\n");
}

/** Hostile text as words of a title or commit message, where no Markdown protects: nothing is closed, pinged or skipped. */
export function plain(text: string, longest = 72): string {
  const words = withoutMarkers(oneLine(text))
    .replaceAll("[", "(")
    .replaceAll("]", ")")
    .replaceAll(/\*{2,}/g, "*")
    .replaceAll(/[@#](?=\S)|(?<![a-z0-9])gh-(?=\d)|:(?=\/\/|:)/gi, "$& ");
  return shortened(oneLine(words), longest);
}

/** At most `longest` characters; never half a character; three dots where something is missing. */
export function shortened(text: string, longest: number): string {
  if (text.length <= longest) return text;
  return `${text
    .slice(0, longest - 1)
    .replace(/[\uD800-\uDBFF]$/, "")
    .trimEnd()}…`;
}

function oneLine(text: string): string {
  return visible(text.toWellFormed()).replaceAll(/\s+/g, " ").trim();
}

/** Logs print what they like; our hidden markers and a runner's commands must come from us alone. */
function withoutMarkers(text: string): string {
  return text
    .replaceAll("<!--", "<! --")
    .replaceAll(/^([ \t]*):(?=:)/gm, "$1: ")
    .replaceAll("##[", "## [");
}

function longestRun(text: string): number {
  let longest = 0;
  for (const [run] of text.matchAll(/`+/g)) longest = Math.max(longest, run.length);
  return longest;
}
