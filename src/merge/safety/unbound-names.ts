import type { SyntaxNode, SyntaxTree } from "../../core/syntax.ts";
import { isName, NAMINGS, type Naming } from "./naming.ts";
import type { Read } from "./shape.ts";

interface Scope {
  readonly names: Set<string>;
  readonly around: Scope | undefined;
}

interface Use {
  readonly name: string;
  readonly scope: Scope;
}

interface Walk {
  readonly naming: Naming;
  readonly read: Read;
  readonly uses: Use[];
}

function own<Value>(table: Readonly<Record<string, Value>>, key: string): Value | undefined {
  return Object.hasOwn(table, key) ? table[key] : undefined;
}

function opened(around: Scope | undefined): Scope {
  return { names: new Set(), around };
}

/** Notes every name that a part makes known or uses. What is assigned counts as made known. */
function visit(node: SyntaxNode, scope: Scope, walk: Walk): void {
  if (node.children.length === 0) {
    if (isName(node)) walk.uses.push({ name: walk.read(node), scope });
    return;
  }
  const imported = own(walk.naming.imports, node.type);
  if (imported) {
    for (const name of imported(node, walk.read)) scope.names.add(name);
    return;
  }
  visitInside(node, scope, walk);
}

function visitInside(node: SyntaxNode, scope: Scope, walk: Walk): void {
  const inner = walk.naming.scopes.has(node.type) ? opened(scope) : scope;
  const binds = own(walk.naming.binds, node.type) ?? [];
  const foreign = foreignIn(node, walk.naming);
  const seen = node.children.filter(
    (child) => !(isName(child) && foreign.includes(child.field ?? "")),
  );
  for (const child of seen) {
    const field = child.field ?? "";
    const isNew = binds.includes(field) || binds.includes("*");
    if (isNew) bind(child, field === "name" ? scope : inner, walk);
    visit(child, inner, walk);
  }
}

/** A method that is called on nothing is one of the class around, or imported. */
function foreignIn(node: SyntaxNode, { foreign }: Naming): readonly string[] {
  const isPlainCall =
    node.type === "method_invocation" && !node.children.some(({ field }) => field === "object");
  return isPlainCall ? [] : (own(foreign, node.type) ?? []);
}

/** Everything in a pattern; types and values in it too, which only means that less is found missing. */
function bind(node: SyntaxNode, scope: Scope, walk: Walk): void {
  if (isName(node)) scope.names.add(walk.read(node));
  for (const child of node.children) {
    if (child.field !== "type" && child.field !== "value") bind(child, scope, walk);
  }
}

function isKnown(name: string, scope: Scope): boolean {
  for (let at: Scope | undefined = scope; at; at = at.around) if (at.names.has(name)) return true;
  return false;
}

/** The names that a text uses and does not make known itself; undefined for a language without such rules. */
function unboundIn(tree: SyntaxTree, text: string): ReadonlySet<string> | undefined {
  const naming = own(NAMINGS, tree.language);
  if (!naming) return undefined;
  const uses: Use[] = [];
  visit(tree.root, opened(undefined), {
    naming,
    read: ({ start, end }) => text.slice(start, end),
    uses,
  });
  return new Set(uses.flatMap(({ name, scope }) => (isKnown(name, scope) ? [] : name)));
}

/** A text that parses. */
export interface Parsed {
  readonly tree: SyntaxTree;
  readonly text: string;
}

const MAX_NAME = 80;

/**
 * Each name that the merge uses without an import or a declaration that reaches there, though no side does: one side
 * took away what the other uses once more.
 */
export function unboundNames(merged: Parsed, sides: readonly Parsed[]): readonly string[] {
  const unbound = unboundIn(merged.tree, merged.text);
  if (!unbound || unbound.size === 0) return [];
  const usual = sides.map(({ tree, text }) => unboundIn(tree, text));
  return [...unbound]
    .filter((name) => !usual.some((names) => names?.has(name)))
    .map((name) => `\`${name.slice(0, MAX_NAME)}\` is used, and its import or declaration is gone`);
}
