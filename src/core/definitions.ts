import { DEFINING, type Defining, type Read } from "./defining.ts";
import type { SyntaxNode, SyntaxTree } from "./syntax.ts";

/** A named part of a text: a function, a class, a section. */
export interface Definition {
  /** The names of what it stands in, then its own, joined by dots. */
  readonly name: string;
  readonly kind: string;
  /** With what wraps it and the comments and attributes right above it; offsets as in the tree. */
  readonly start: number;
  readonly end: number;
}

/** A stretch of a text. */
export interface Stretch {
  readonly start: number;
  readonly end: number;
}

interface Walk {
  readonly rules: Defining;
  readonly text: string;
  readonly read: Read;
}

/** The named parts of a text, in order, outer ones first; undefined where nothing is known about the language. */
export function definitionsOf(tree: SyntaxTree, text: string): readonly Definition[] | undefined {
  const rules = rulesOf(tree);
  if (!rules) return undefined;
  const read: Read = ({ start, end }) => text.slice(start, end);
  return within(tree.root, "", { rules, text, read });
}

/** Where a text says what it takes from other files. */
export function importsOf(tree: SyntaxTree): readonly Stretch[] {
  const types = rulesOf(tree)?.imports ?? [];
  const found: Stretch[] = [];
  const visit = (node: SyntaxNode) => {
    if (types.includes(node.type)) found.push({ start: node.start, end: node.end });
    else if (rulesOf(tree)?.through.includes(node.type)) node.children.forEach(visit);
  };
  tree.root.children.forEach(visit);
  return found;
}

function rulesOf({ language }: SyntaxTree): Defining | undefined {
  return Object.hasOwn(DEFINING, language) ? DEFINING[language] : undefined;
}

function within(parent: SyntaxNode, path: string, walk: Walk): Definition[] {
  const found: Definition[] = [];
  let lead: Stretch | undefined;
  for (const node of parent.children) {
    if (walk.rules.leads.includes(node.type)) {
      lead = joined(lead, node, walk);
      continue;
    }
    const own = definedBy(node, path, walk);
    const [first] = own;
    if (first && lead && touches(lead, node, walk)) own[0] = { ...first, start: lead.start };
    found.push(...own);
    lead = undefined;
  }
  return found;
}

/** What a node defines, and what is defined in it. */
function definedBy(node: SyntaxNode, path: string, walk: Walk): Definition[] {
  const { rules, read } = walk;
  const rule = Object.hasOwn(rules.defines, node.type) ? rules.defines[node.type] : undefined;
  if (rule) {
    const names = rule.names(node, read).map((name) => (path === "" ? name : `${path}.${name}`));
    const { kind } = rule;
    const own = names.map((name) => ({ name, kind, start: node.start, end: node.end }));
    const [name] = names;
    if (name === undefined || !rule.opens) return own;
    return [...own, ...node.children.flatMap((child) => definedBy(child, name, walk))];
  }
  if (!rules.through.includes(node.type)) return [];
  const inner = within(node, path, walk);
  const [first] = inner;
  // What wraps one definition, such as an export, is part of it.
  if (!first || !rules.wraps.includes(node.type)) return inner;
  const isOne = inner.every(({ start, end }) => start >= first.start && end <= first.end);
  return isOne ? [{ ...first, start: node.start, end: node.end }, ...inner.slice(1)] : inner;
}

function joined(lead: Stretch | undefined, node: SyntaxNode, walk: Walk): Stretch {
  const { start, end } = node;
  return lead && touches(lead, node, walk) ? { start: lead.start, end } : { start, end };
}

/** Whether only one line end, or less, stands between. */
function touches({ end }: Stretch, node: SyntaxNode, { text }: Walk): boolean {
  return !/\n[^\S\n]*\n/.test(text.slice(end - 1, node.start).replaceAll("\r", ""));
}
