import { fromMarkdown } from "mdast-util-from-markdown";
import { fillGaps, MAX_DEPTH, NO_CHILDREN, type PlainNode } from "./plain-node.ts";

type Nodes = ReturnType<typeof fromMarkdown>["children"][number];

/** What stands inside a line is not looked at: it can take quadratic time, and blocks are what is merged. */
const INSIDE_LINES = [
  "attention",
  "autolink",
  "characterEscape",
  "characterReference",
  "codeText",
  "hardBreakEscape",
  "htmlText",
  "labelEnd",
  "labelStartImage",
  "labelStartLink",
];

/** The parser takes quadratic time over many headings of this kind; they are told from what it makes of them. */
const UNDERLINED = "setextUnderline";

const BLOCKS = new Set(["blockquote", "list", "listItem"]);

/** The parser needs seconds for more. In UTF-16 units. */
const MAX_LENGTH = 256 * 1024;

/** Quotes and lists in each other: each level is a pass over the line for the parser. */
const DEEP = /^(?:[ \t]{100,}\S|(?:[ \t]*(?:>|[-*+]|\d{1,9}[.)])[ \t]*){50})/m;

const FRONT_MATTER =
  /^(?:---\r?\n[\s\S]*?\r?\n---[ \t]*(?=\r?\n|$)|\+\+\+\r?\n[\s\S]*?\r?\n\+\+\+[ \t]*(?=\r?\n|$))/;

function make(type: string, start: number, end: number): PlainNode {
  return { type, isNamed: true, start, end, field: undefined, children: NO_CHILDREN };
}

/** The block and the blocks in it; `shift` is where the parsed part begins in the text. */
function blockOf(block: Nodes, shift: number): PlainNode {
  const start = shift + (block.position?.start.offset ?? 0);
  const node = make(block.type, start, shift + (block.position?.end.offset ?? 0));
  if (BLOCKS.has(block.type) && "children" in block) {
    node.children = block.children.map((child) => blockOf(child, shift));
  }
  return node;
}

interface Block {
  readonly node: PlainNode;
  /** Of a heading, from 1. */
  readonly depth: number | undefined;
}

const SINGLE_LINE = /\n {0,3}=+[ \t]*$/;
const DOUBLE_LINE = /^-+[ \t]*$/;

/** The blocks with underlined headings as what they are. */
function withHeadings(blocks: readonly Nodes[], shift: number, text: string): Block[] {
  const found: Block[] = [];
  for (const block of blocks) {
    const node = blockOf(block, shift);
    const own = text.slice(node.start, node.end);
    const last = found.at(-1)?.node;
    if (block.type === "heading") {
      found.push({ node, depth: block.depth });
    } else if (block.type === "paragraph" && SINGLE_LINE.test(own)) {
      found.push({ node: { ...node, type: "heading" }, depth: 1 });
    } else if (last?.type === "paragraph" && DOUBLE_LINE.test(own) && touches(last, node, text)) {
      found.splice(-1, 1, { node: make("heading", last.start, node.end), depth: 2 });
    } else {
      found.push({ node, depth: undefined });
    }
  }
  return found;
}

function touches(above: PlainNode, below: PlainNode, text: string): boolean {
  return /^\r?\n {0,3}$/.test(text.slice(above.end, below.start));
}

interface Open {
  readonly depth: number;
  readonly node: PlainNode;
}

/** Nests what stands under a heading into a `section` that begins with it. */
function nest(blocks: readonly Block[], root: PlainNode): void {
  const open: Open[] = [{ depth: 0, node: root }];
  const put = (node: PlainNode) => {
    for (const { node: section } of open) section.end = Math.max(section.end, node.end);
    open.at(-1)?.node.children.push(node);
  };
  for (const { node, depth } of blocks) {
    if (depth === undefined) {
      put(node);
      continue;
    }
    while ((open.at(-1)?.depth ?? 0) >= depth) open.pop();
    const section = make("section", node.start, node.end);
    section.children = [];
    put(section);
    open.push({ depth, node: section });
    put({ ...node, field: "heading" });
  }
}

function fillAll(node: PlainNode, text: string): void {
  if (node.children === NO_CHILDREN) return;
  for (const child of node.children) fillAll(child, text);
  fillGaps(node, text);
}

/** What begins the file and is no Markdown: the mark of its encoding and front matter. */
function headOf(text: string): { readonly body: number; readonly front: PlainNode | undefined } {
  const begin = text.startsWith("\uFEFF") ? 1 : 0;
  const length = FRONT_MATTER.exec(text.slice(begin))?.[0].length ?? 0;
  const body = begin + length;
  return { body, front: length > 0 ? make("front_matter", begin, body) : undefined };
}

/** Blocks of a Markdown text, nested by headings; undefined where it is too long or too deep. */
export function markdownTree(text: string): PlainNode | undefined {
  if (text.length > MAX_LENGTH || DEEP.test(text)) return undefined;
  const { body, front } = headOf(text);
  const { children } = fromMarkdown(text.slice(body), {
    extensions: [{ disable: { null: [...INSIDE_LINES, UNDERLINED] } }],
  });
  const root = make("document", 0, text.length);
  root.children = front ? [front] : [];
  nest(withHeadings(children, body, text), root);
  fillAll(root, text);
  return depthOf(root) > MAX_DEPTH ? undefined : root;
}

function depthOf(node: PlainNode): number {
  return 1 + node.children.reduce((deepest, child) => Math.max(deepest, depthOf(child)), 0);
}
