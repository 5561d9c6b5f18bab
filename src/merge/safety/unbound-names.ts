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
  /** What is imported at the top and may be by no other import, and what is nevertheless. */
  readonly alone: Set<string>;
  readonly doubled: Set<string>;
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
    const names = imported(node, walk.read);
    for (const name of names) scope.names.add(name);
    if (!scope.around && walk.naming.isAlone?.(node, walk.read)) noteAlone(names, walk);
    return;
  }
  visitInside(node, scope, walk);
}

/** `_` and `.` are no names. */
function noteAlone(names: readonly string[], { alone, doubled }: Walk): void {
  for (const name of names) {
    if (alone.has(name) && name !== "_" && name !== ".") doubled.add(name);
    alone.add(name);
  }
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

interface Names {
  /** What a text uses and does not make known itself. */
  readonly unbound: ReadonlySet<string>;
  /** What more than one import makes known. */
  readonly doubled: ReadonlySet<string>;
}

/** Undefined for a language without such rules. */
function namesIn({ tree, text }: Parsed): Names | undefined {
  const naming = own(NAMINGS, tree.language);
  if (!naming) return undefined;
  const read: Read = ({ start, end }) => text.slice(start, end);
  const walk: Walk = { naming, read, uses: [], alone: new Set(), doubled: new Set() };
  visit(tree.root, opened(undefined), walk);
  return {
    unbound: new Set(walk.uses.flatMap(({ name, scope }) => (isKnown(name, scope) ? [] : name))),
    doubled: walk.doubled,
  };
}

/** A text that parses. */
export interface Parsed {
  readonly tree: SyntaxTree;
  readonly text: string;
}

const MAX_NAME = 80;

/**
 * Each name that the merge uses without an import or a declaration that reaches there, though no side does, for one
 * side took away what the other uses once more; and each that two imports bring, though no side has both.
 */
export function unboundNames(merged: Parsed, sides: readonly Parsed[]): readonly string[] {
  const names = namesIn(merged);
  if (!names || names.unbound.size + names.doubled.size === 0) return [];
  const usual = sides.map(namesIn);
  const fresh = (what: keyof Names): readonly string[] =>
    [...names[what]]
      .filter((name) => !usual.some((side) => side?.[what].has(name)))
      .map((name) => name.slice(0, MAX_NAME));
  return [
    ...fresh("unbound").map((name) => `\`${name}\` is used, and its import or declaration is gone`),
    ...fresh("doubled").map((name) => `\`${name}\` is imported from two places`),
  ];
}
