import { escaped, type Html, trusted } from "./html.ts";
import { inline, type MarkdownContext } from "./inline.ts";

interface Reading {
  readonly at: MarkdownContext;
  readonly lines: readonly string[];
  position: number;
  /** How many `<details>` are open. */
  details: number;
}

/** Reads a block that begins at the current line, or says that it does not begin there. */
type Block = (reading: Reading) => string | undefined;

const line = (reading: Reading, ahead = 0) => reading.lines[reading.position + ahead] ?? "";

function takeWhile(reading: Reading, holds: (line: string) => boolean): string[] {
  const taken: string[] = [];
  while (reading.position < reading.lines.length && holds(line(reading))) {
    taken.push(line(reading));
    reading.position += 1;
  }
  return taken;
}

const blank: Block = (reading) => {
  if (line(reading).trim() !== "") return undefined;
  reading.position += 1;
  return "";
};

const hidden: Block = (reading) => {
  if (!/^ {0,3}<!--/.test(line(reading))) return undefined;
  takeWhile(reading, (one) => !one.includes("-->"));
  reading.position += 1;
  return "";
};

const fence: Block = (reading) => {
  const [, indent = "", marks = "", language = ""] =
    /^( {0,3})(`{3,}|~{3,})\s*([\w+-]*)[^`]*$/.exec(line(reading)) ?? [];
  if (marks === "") return undefined;
  reading.position += 1;
  const end = new RegExp(`^ {0,3}${marks.charAt(0)}{${marks.length},}\\s*$`);
  const body = takeWhile(reading, (one) => !end.test(one));
  reading.position += 1;
  const text = body.map((one) => one.replace(new RegExp(`^ {0,${indent.length}}`), "")).join("\n");
  const code = language === "diff" ? diffCode(text) : escaped(text);
  return `<pre><code>${code}</code></pre>`;
};

const DIFF: Record<string, string> = { "+": "plus", "-": "minus", "@": "hunk" };

function diffCode(text: string): string {
  return text
    .split("\n")
    .map((one) => {
      const kind = DIFF[one.charAt(0)];
      return kind === undefined ? escaped(one) : `<span class="${kind}">${escaped(one)}</span>`;
    })
    .join("\n");
}

const heading: Block = (reading) => {
  const [, marks = "", text = ""] = /^(#{1,6})\s+(.*?)(?:\s+#+)?\s*$/.exec(line(reading)) ?? [];
  if (marks === "") return undefined;
  reading.position += 1;
  const level = Math.min(6, marks.length + 1);
  return `<h${level}>${inline(text, reading.at)}</h${level}>`;
};

const rule: Block = (reading) => {
  if (!/^ {0,3}([-*_])( *\1){2,}\s*$/.test(line(reading))) return undefined;
  reading.position += 1;
  return "<hr>";
};

const details: Block = (reading) => {
  const text = line(reading).trim();
  const opening = /^<details( open)?>\s*(.*)$/.exec(text);
  if (opening !== null) {
    reading.position += 1;
    reading.details += 1;
    const [, open = "", rest = ""] = opening;
    return `<details${open}>${summary(rest, reading.at)}`;
  }
  if (text.startsWith("<summary>")) {
    reading.position += 1;
    return summary(text, reading.at);
  }
  if (!/^<\/details>\s*$/.test(text) || reading.details === 0) return undefined;
  reading.position += 1;
  reading.details -= 1;
  return "</details>";
};

function summary(text: string, at: MarkdownContext): string {
  const [, inner = text] = /^<summary>(.*?)<\/summary>\s*$/.exec(text) ?? [];
  return text === "" ? "" : `<summary>${inline(inner.replace(/<\/?b>/g, ""), at)}</summary>`;
}

const ALERT = /^\[!(NOTE|TIP|IMPORTANT|WARNING|CAUTION)\]\s*$/;

const quote: Block = (reading) => {
  if (!/^ {0,3}>/.test(line(reading))) return undefined;
  const inner = takeWhile(reading, (one) => /^ {0,3}>/.test(one)).map((one) =>
    one.replace(/^ {0,3}> ?/, ""),
  );
  const kind = ALERT.exec(inner[0] ?? "")?.[1];
  if (kind === undefined) return `<blockquote>${blocks(inner, reading.at)}</blockquote>`;
  const title = kind.charAt(0) + kind.slice(1).toLowerCase();
  const body = blocks(inner.slice(1), reading.at);
  return `<div class="alert ${kind.toLowerCase()}"><p class="alert-title">${title}</p>${body}</div>`;
};

function cells(row: string): string[] {
  const inner = row.trim().replace(/^\||(?<!\\)\|$/g, "");
  return inner.split(/(?<!\\)\|/).map((cell) => cell.trim().replaceAll("\\|", "|"));
}

function isTable(reading: Reading): boolean {
  const divider = line(reading, 1);
  const drawn = /^[\s|:-]+$/.test(divider) && divider.includes("-") && divider.includes("|");
  return drawn && line(reading).includes("|");
}

const table: Block = (reading) => {
  if (!isTable(reading)) return undefined;
  const divider = line(reading, 1);
  const head = cells(line(reading));
  const sides = cells(divider).map((cell) => (/^-+:$/.test(cell) ? ' class="right"' : ""));
  reading.position += 2;
  const rows = takeWhile(reading, (one) => one.includes("|")).map(cells);
  const row = (tag: string, values: readonly string[]) => {
    const made = head.map(
      (_, at) => `<${tag}${sides[at] ?? ""}>${inline(values[at] ?? "", reading.at)}</${tag}>`,
    );
    return `<tr>${made.join("")}</tr>`;
  };
  const body = rows.map((values) => row("td", values)).join("");
  return `<div class="scroll"><table><thead>${row("th", head)}</thead><tbody>${body}</tbody></table></div>`;
};

const ITEM = /^(\s*)([-*+]|\d{1,9}[.)])\s+(.*)$/;

const list: Block = (reading) => {
  const first = ITEM.exec(line(reading));
  if (first === null) return undefined;
  const [, indent = "", mark = ""] = first;
  const ordered = /\d/.test(mark);
  const items: string[] = [];
  while (reading.position < reading.lines.length) {
    const match = ITEM.exec(line(reading));
    const same = match?.[1]?.length === indent.length && /\d/.test(match[2] ?? "") === ordered;
    if (!same) break;
    items.push(item(reading, match[3] ?? "", indent.length + (match[2] ?? "").length + 1));
  }
  const start = ordered && !/^1[.)]/.test(mark) ? ` start="${Number.parseInt(mark, 10)}"` : "";
  const tag = ordered ? "ol" : "ul";
  return `<${tag}${start}>${items.join("")}</${tag}>`;
};

/** An item goes on while lines are indented as far as its text. */
function item(reading: Reading, text: string, width: number): string {
  reading.position += 1;
  const indented = (one: string) => one.search(/\S/) >= Math.min(width, 2) && /^\s/.test(one);
  const more = takeWhile(reading, (one) => indented(one) || (one === "" && followed(reading)));
  const inner = [text, ...more.map((one) => one.slice(Math.min(width, one.search(/\S|$/))))];
  const [, box, rest = ""] = /^\[([ xX])\]\s+([\s\S]*)$/.exec(text) ?? [];
  if (box === undefined) return `<li>${tight(inner, reading.at)}</li>`;
  const checked = box === " " ? "" : " checked";
  const body = tight([rest, ...inner.slice(1)], reading.at);
  return `<li class="task"><input type="checkbox" disabled${checked}> ${body}</li>`;

  function followed({ lines, position }: Reading): boolean {
    return indented(lines[position + 1] ?? "");
  }
}

/** The only paragraph of an item stands without a frame. */
function tight(lines: readonly string[], at: MarkdownContext): string {
  return blocks(lines, at).replace(/^<p>((?:(?!<p>)[\s\S])*?)<\/p>/, "$1");
}

/** What ends a paragraph without a blank line. */
const BEGINNING =
  /^(\s*([-*+]|1[.)])\s+\S| {0,3}(`{3}|~{3}|>|#{1,6}\s|<!--|([-*_])( *\4){2,}\s*$)|\s*<\/?(details|summary)\b)/;

/** Comments and descriptions break lines where their author did. */
const paragraph: Block = (reading) => {
  const taken = [line(reading)];
  reading.position += 1;
  const goesOn = (one: string) => one.trim() !== "" && !BEGINNING.test(one) && !isTable(reading);
  taken.push(...takeWhile(reading, goesOn));
  const text = taken.map((one) => one.trim()).join("\n");
  return `<p>${inline(text, reading.at).replaceAll("\n", "<br>\n")}</p>`;
};

const BLOCKS = [blank, hidden, fence, details, heading, rule, quote, table, list, paragraph];

function blocks(lines: readonly string[], at: MarkdownContext): string {
  const reading: Reading = { at, lines, position: 0, details: 0 };
  let result = "";
  while (reading.position < lines.length) {
    for (const block of BLOCKS) {
      const markup = block(reading);
      if (markup === undefined) continue;
      result += markup;
      break;
    }
  }
  return result + "</details>".repeat(reading.details);
}

/** Markdown as GitHub shows it in comments: hidden comments gone, other HTML as text. */
export function markdown(text: string, at: MarkdownContext): Html {
  return trusted(blocks(text.replaceAll("\r\n", "\n").split("\n"), at));
}
