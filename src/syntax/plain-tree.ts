import type { Language, Tree, TreeCursor } from "web-tree-sitter";
import { fillGaps, MAX_DEPTH, NO_CHILDREN, type PlainNode } from "./plain-node.ts";

/** Literals whose insides are letters: one token to whoever compares trees. */
const WHOLE = new Set([
  "string",
  "string_literal",
  "raw_string_literal",
  "interpreted_string_literal",
  "char_literal",
  "rune_literal",
  "character_literal",
  "regex",
  "line_comment",
  "block_comment",
  "comment",
  "single_quote_scalar",
  "double_quote_scalar",
]);

/** Children that make a literal more than letters: code inside it. */
const CODE = new Set(["interpolation", "template_substitution", "string_interpolation"]);

interface Names {
  readonly type: (id: number) => string;
  readonly isNamed: (id: number) => boolean;
  readonly field: (id: number) => string | undefined;
}

/** A call into WebAssembly costs more than all the rest of a node, so what the grammar knows is asked once. */
function namesOf(language: Language): Names {
  const named = language.types.map((_, id) => language.nodeTypeIsNamed(id));
  return {
    type: (id) => language.types[id] ?? "ERROR",
    isNamed: (id) => named[id] ?? true,
    field: (id) => (id === 0 ? undefined : (language.fields[id] ?? undefined)),
  };
}

const known = new WeakMap<Language, Names>();

function cachedNames(language: Language): Names {
  const names = known.get(language) ?? namesOf(language);
  known.set(language, names);
  return names;
}

function nodeAt(cursor: TreeCursor, names: Names): PlainNode {
  const id = cursor.nodeTypeId;
  return {
    type: names.type(id),
    isNamed: names.isNamed(id),
    start: cursor.startIndex,
    end: cursor.endIndex,
    field: names.field(cursor.currentFieldId),
    children: NO_CHILDREN,
  };
}

/** A node is complete: what it left out is filled in, and plain literals lose their insides. */
function close(node: PlainNode, text: string): void {
  if (WHOLE.has(node.type) && !node.children.some((child) => CODE.has(child.type))) {
    node.children = NO_CHILDREN;
    // Some grammars count the end of the line to a comment.
    while (node.end > node.start && /[\r\n]/.test(text.charAt(node.end - 1))) node.end -= 1;
    return;
  }
  fillGaps(node, text);
}

/** Goes to the next node that begins after the current one, closing what ends; false at the end of the tree. */
function next(cursor: TreeCursor, open: PlainNode[], text: string): boolean {
  while (!cursor.gotoNextSibling()) {
    if (!cursor.gotoParent()) return false;
    const done = open.pop();
    if (done) close(done, text);
  }
  return true;
}

function walk(cursor: TreeCursor, names: Names, text: string): PlainNode | undefined {
  const root = nodeAt(cursor, names);
  const open: PlainNode[] = [];
  let node = root;
  for (;;) {
    if (cursor.gotoFirstChild()) {
      node.children = [];
      open.push(node);
      if (open.length > MAX_DEPTH) return undefined;
    } else if (!next(cursor, open, text)) {
      return root;
    }
    node = nodeAt(cursor, names);
    open.at(-1)?.children.push(node);
  }
}

/** The tree as plain objects, covering the text from 0 to its end; undefined where it is too deep. */
export function plainTree(tree: Tree, text: string): PlainNode | undefined {
  const cursor = tree.walk();
  try {
    const root = walk(cursor, cachedNames(tree.language), text);
    if (!root) return undefined;
    root.start = 0;
    root.end = text.length;
    fillGaps(root, text);
    return root;
  } finally {
    cursor.delete();
  }
}
