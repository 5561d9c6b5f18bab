import { escaped } from "./html.ts";

/** What Markdown in one place may lead to. */
export interface MarkdownContext {
  /** The repository's page: `#1` and relative links start there. */
  readonly page: string;
  /** The start of every address of this world. */
  readonly root: string;
}

const SAFE_LINK = /^(https?:\/\/|mailto:|[/#.]|[\w-]+(\/|$))/i;

type Rule = readonly [RegExp, (match: RegExpExecArray, at: MarkdownContext) => string];

function link(text: string, address: string, at: MarkdownContext): string {
  if (!SAFE_LINK.test(address)) return text;
  const target = /^[\w.-]/.test(address) && !/^(https?|mailto):/i.test(address);
  const href = target ? `${at.page}/blob/HEAD/${address}` : address;
  return `<a href="${escaped(href)}" rel="noreferrer nofollow">${text}</a>`;
}

/** Tried in this order wherever one of them begins. */
const RULES: readonly Rule[] = [
  [/^\\([\\`*_{}[\]()#+\-.!|~<>@&$:"'/=^,;?%])/, ([, character = ""]) => escaped(character)],
  [
    /^(`+)(?!`)([\s\S]*?[^`])\1(?!`)/,
    ([, , text = ""]) => {
      const padded = /^ .* $/s.test(text) && text.trim() !== "";
      return `<code>${escaped(padded ? text.slice(1, -1) : text)}</code>`;
    },
  ],
  [/^`+/, ([ticks]) => ticks],
  [/^&(#\d{1,7}|#x[\da-f]{1,6}|[a-z][a-z\d]{1,30});/i, ([entity]) => entity],
  [/^<!--[\s\S]*?-->/, () => ""],
  [
    /^!\[([^\]]*)\]\(([^\s()]+)[^)]*\)/,
    ([, text = "", address = ""], at) => link(escaped(text || "image"), address, at),
  ],
  [
    /^\[((?:\\.|[^[\]\\])+)\]\(([^\s()]*)(?: "[^"]*")?\)/,
    ([, text = "", address = ""], at) => link(inline(text, at), address, at),
  ],
  [/^<(https?:\/\/[^\s<>]+)>/, ([, address = ""], at) => link(escaped(address), address, at)],
  [/^<(\/?)(sub|sup|kbd)>/, ([tag]) => tag],
  [/^<br ?\/?>/, () => "<br>"],
  [/^\*\*(?=\S)([\s\S]+?\S)\*\*/, ([, text = ""], at) => `<strong>${inline(text, at)}</strong>`],
  [/^__(?=\S)([\s\S]+?\S)__(?!\w)/, ([, text = ""], at) => `<strong>${inline(text, at)}</strong>`],
  [/^\*(?=\S)([^*]*?[^\s*])\*/, ([, text = ""], at) => `<em>${inline(text, at)}</em>`],
  [/^_(?=\S)([^_]*?[^\s_])_(?!\w)/, ([, text = ""], at) => `<em>${inline(text, at)}</em>`],
  [/^~~(?=\S)([\s\S]+?\S)~~/, ([, text = ""], at) => `<del>${inline(text, at)}</del>`],
  [
    /^https?:\/\/[^\s<>`]*[^\s<>`.,:;!?'")\]*_~]/,
    ([address], at) => link(escaped(address), address, at),
  ],
];

/** Rules that need to begin a word. */
const WORDS: readonly Rule[] = [
  [
    /^#(\d{1,9})\b/,
    ([text, number = ""], at) => `<a href="${escaped(at.page)}/issues/${number}">${text}</a>`,
  ],
  [
    /^@([a-z\d](?:[a-z\d-]{0,38}))\b/i,
    ([text, login = ""], at) => `<a class="who" href="${escaped(at.root)}/${login}">${text}</a>`,
  ],
];

const STARTS = /[\\`![<*_~h#@&]/g;

function ruleAt(
  text: string,
  before: string,
  at: MarkdownContext,
): { markup: string; length: number } | undefined {
  const inWord = /\w$/.test(before);
  for (const [pattern, render] of inWord ? RULES : [...RULES, ...WORDS]) {
    const match = pattern.exec(text);
    if (match === null || (inWord && /^[_h]/.test(text))) continue;
    return { markup: render(match, at), length: match[0].length };
  }
  return undefined;
}

/** One line or paragraph of Markdown as markup. */
export function inline(text: string, at: MarkdownContext): string {
  let result = "";
  let plain = "";
  let position = 0;
  while (position < text.length) {
    STARTS.lastIndex = position;
    const next = STARTS.exec(text)?.index ?? text.length;
    plain += text.slice(position, next);
    const rule = next < text.length ? ruleAt(text.slice(next), plain.slice(-1), at) : undefined;
    if (rule === undefined) {
      plain += text.charAt(next);
      position = next + 1;
    } else {
      result += escaped(plain) + rule.markup;
      plain = "";
      position = next + rule.length;
    }
  }
  return result + escaped(plain);
}
