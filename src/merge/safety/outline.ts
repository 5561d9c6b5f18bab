import type { SyntaxNode, SyntaxTree } from "../../core/syntax.ts";
import { json, toml, yaml } from "./languages/data.ts";
import { go } from "./languages/go.ts";
import { java } from "./languages/java.ts";
import { python } from "./languages/python.ts";
import { rust } from "./languages/rust.ts";
import { script } from "./languages/script.ts";
import { css, html, markdown } from "./languages/web.ts";
import type { Declares, Read, Shape } from "./shape.ts";

const SHAPES: Readonly<Record<string, Shape>> = {
  typescript: script,
  tsx: script,
  javascript: script,
  json,
  yaml,
  toml,
  python,
  go,
  rust,
  java,
  css,
  html,
  markdown,
};

/** One thing that a text declares, as often as it does. */
export interface Entry {
  readonly what: string;
  /** The names of what it stands in, then its own. */
  readonly path: readonly string[];
  /** The id of what it stands in; undefined at the top. */
  readonly within: string | undefined;
  count: number;
  /** The most times that it stands in one and the same scope. */
  peak: number;
}

/** Everything that a text declares, by an id that is the same in every version of the text. */
export type Outline = ReadonlyMap<string, Entry>;

interface Place {
  readonly path: readonly string[];
  readonly within: string | undefined;
  /** How often each id stands in this very scope. */
  readonly scope: Map<string, number>;
  readonly inCode: boolean;
}

interface Walk {
  readonly shape: Shape;
  readonly read: Read;
  readonly found: Map<string, Entry>;
}

interface Here {
  readonly at: Place;
  readonly walk: Walk;
}

function idOf(space: string, path: readonly string[]): string {
  return JSON.stringify([space, ...path]);
}

interface Found {
  readonly what: string;
  readonly space: string;
  readonly name: string;
}

function record(found: Map<string, Entry>, at: Place, { what, space, name }: Found): void {
  const path = [...at.path, name];
  const id = idOf(space, path);
  const here = (at.scope.get(id) ?? 0) + 1;
  at.scope.set(id, here);
  const entry = found.get(id);
  if (entry) {
    entry.count += 1;
    entry.peak = Math.max(entry.peak, here);
  } else {
    found.set(id, { what, path, within: at.within, count: 1, peak: here });
  }
}

/** Writes down what a node declares; the place of what stands inside it. */
function declare(node: SyntaxNode, rule: Declares, { at, walk }: Here): Place {
  if (rule.outsideCode && at.inCode) return at;
  const space = rule.space ?? "name";
  const names = rule.names(node, walk.read);
  for (const name of names) record(walk.found, at, { what: rule.what, space, name });
  for (const name of rule.binds?.(node, walk.read) ?? []) {
    record(walk.found, at, { what: "name", space: "name", name });
  }
  const [own] = names;
  if (own === undefined || names.length > 1 || rule.isList) return at;
  const path = [...at.path, own];
  return {
    path,
    within: idOf(space, path),
    scope: new Map(),
    inCode: at.inCode || rule.isCode === true,
  };
}

function visit(node: SyntaxNode, at: Place, walk: Walk): void {
  if (node.children.length === 0 && !Object.hasOwn(walk.shape.declares, node.type)) return;
  const rule = Object.hasOwn(walk.shape.declares, node.type)
    ? walk.shape.declares[node.type]
    : undefined;
  let place = rule && node.isNamed ? declare(node, rule, { at, walk }) : at;
  const item = walk.shape.item?.(node, walk.read);
  if (item !== undefined) place = { ...place, path: [...place.path, item], scope: new Map() };
  else if (place === at && walk.shape.blocks.has(node.type)) place = { ...at, scope: new Map() };
  for (const child of node.children) visit(child, place, walk);
}

/** What a text declares, by its tree; undefined where nothing is known about the language. */
export function outlineOf(tree: SyntaxTree, text: string): Outline | undefined {
  const shape = Object.hasOwn(SHAPES, tree.language) ? SHAPES[tree.language] : undefined;
  if (!shape) return undefined;
  const found = new Map<string, Entry>();
  const read = (node: SyntaxNode) => text.slice(node.start, node.end);
  visit(
    tree.root,
    { path: [], within: undefined, scope: new Map(), inCode: false },
    { shape, read, found },
  );
  return found;
}
