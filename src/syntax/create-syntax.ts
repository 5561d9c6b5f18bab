import { type Language, Parser, type Tree } from "web-tree-sitter";
import type { Syntax, SyntaxTree } from "../core/syntax.ts";
import { GRAMMARS, loadGrammars } from "./grammars.ts";
import { languageOf } from "./language-of.ts";
import type { PlainNode } from "./plain-node.ts";
import { plainTree } from "./plain-tree.ts";

/** Larger texts are data: nobody merges them by their structure. In UTF-16 units. */
const MAX_LENGTH = 1024 * 1024;

/** Ten thousand lines take a tenth of this; only texts made to be slow reach it. */
const MAX_PARSE_MS = 2000;

/** Five times what a file of ten thousand lines has. */
const MAX_NODES = 600_000;

/** The grammar's own tree, which the caller deletes; undefined where it took too long. */
function parseWithin(parser: Parser, text: string): Tree | undefined {
  const until = performance.now() + MAX_PARSE_MS;
  // The library declares no answer for this function and obeys one: true ends the parse.
  const progressCallback = (): boolean => performance.now() > until;
  return parser.parse(text, null, { progressCallback }) ?? undefined;
}

function treeOf(language: string, grammar: Language, text: string): SyntaxTree | undefined {
  const parser = new Parser();
  let tree: Tree | undefined;
  try {
    parser.setLanguage(grammar);
    tree = parseWithin(parser, text);
    const root =
      tree && tree.rootNode.descendantCount <= MAX_NODES ? plainTree(tree, text) : undefined;
    return root && { language, root, hasErrors: tree?.rootNode.hasError ?? true };
  } finally {
    tree?.delete();
    parser.delete();
  }
}

/** What is loaded: it takes its time, and not everybody needs all of it. */
interface Parsers {
  readonly grammars: ReadonlyMap<string, Language>;
  readonly markdown: ((text: string) => PlainNode | undefined) | undefined;
}

function parse({ grammars, markdown }: Parsers, path: string, text: string) {
  const language = languageOf(path);
  if (language === undefined || text.length > MAX_LENGTH) return undefined;
  if (language === "markdown") {
    const root = markdown?.(text);
    return root && { language, root, hasErrors: false };
  }
  const grammar = grammars.get(language);
  return grammar && treeOf(language, grammar, text);
}

let ready: Promise<Syntax> | undefined;

async function load(languages: readonly string[]): Promise<Syntax> {
  const [grammars, markdown] = await Promise.all([
    loadGrammars(languages),
    languages.includes("markdown") ? loadMarkdown() : undefined,
  ]);
  return {
    languageOf,
    parse: (path, text) => {
      try {
        return parse({ grammars, markdown }, path, text);
      } catch {
        // A text that breaks a parser has no tree; that is all its reader needs to know.
        return undefined;
      }
    },
  };
}

async function loadMarkdown() {
  const { markdownTree } = await import("./markdown-tree.ts");
  return markdownTree;
}

/**
 * Parsers of every language, all loaded (about 0.1 s); later calls share the first one's. Throws where a grammar's
 * package is not installed.
 */
export function createSyntax(): Promise<Syntax> {
  ready ??= load([...GRAMMARS, "markdown"]);
  return ready;
}

/** The same where only files like this one are parsed: nothing else is loaded, and other texts have no tree. */
export function createSyntaxFor(path: string): Promise<Syntax> {
  const language = languageOf(path);
  return load(language === undefined ? [] : [language]);
}
