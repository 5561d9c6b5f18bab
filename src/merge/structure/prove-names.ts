import type { SyntaxNode } from "../../core/syntax.ts";
import { type Member, outlineOf, type Part } from "./outline.ts";
import type { Triple } from "./triple.ts";

const word = /[\p{L}_$][\p{L}\p{N}_$]*/gu;

/** Words of import statements that are never names. */
const GRAMMAR = new Set(
  "import from as type typeof use pub crate self super static default in export require".split(" "),
);

function wordsOf(text: string): ReadonlySet<string> {
  return new Set(text.match(word));
}

/** The names that an import makes known; a path's earlier parts and what is renamed are none. */
function importedBy(member: Member): readonly string[] {
  const text = member.source.text.slice(member.node.start, member.node.end);
  const names = text
    .replaceAll(/"[^"]*"|'[^']*'|\/\/.*|\/\*[\s\S]*?\*\/|#.*/g, " ")
    .replace(/^\s*from\s+\S+\s+import/, " ")
    .replaceAll(/[\p{L}\p{N}_$]+\s*(?:::|\.|\s+as\s)/gu, " ");
  return (names.match(word) ?? []).filter((name) => !GRAMMAR.has(name));
}

function declaredBy({ identity }: Member): readonly string[] {
  const name = /^(?:function|class|value|definition|type|module|constant) (\S+)$/.exec(
    identity?.key ?? "",
  );
  return name?.[1] === undefined ? [] : [name[1]];
}

interface Names {
  readonly imported: ReadonlyMap<string, number>;
  readonly all: ReadonlyMap<string, number>;
}

function count(names: readonly string[]): ReadonlyMap<string, number> {
  const counts = new Map<string, number>();
  for (const name of names) counts.set(name, (counts.get(name) ?? 0) + 1);
  return counts;
}

function namesIn({ source, node }: Part): Names {
  const members = outlineOf(node, source)?.members ?? [];
  const imported = members.filter(({ identity }) => identity?.first).flatMap(importedBy);
  const declared = members.filter(({ identity }) => !identity?.first).flatMap(declaredBy);
  return { imported: count(imported), all: count([...imported, ...declared]) };
}

/** The merged text's own part, read in the language of the sides. */
export function partLike({ source: { language } }: Part, text: string, node: SyntaxNode): Part {
  return { source: { text, language }, node, start: 0, end: text.length };
}

/**
 * True where the names of a file speak against a merge of it: one is made known at its top more often than on any
 * side, or one is used that a side does without and has no import for any more.
 */
export function hasNameTrouble(parts: Triple<Part>, merged: Part): boolean {
  const sides = [parts.base, parts.ours, parts.theirs].map(namesIn);
  const result = namesIn(merged);
  const most = (name: string) => Math.max(...sides.map(({ all }) => all.get(name) ?? 0));
  if ([...result.all].some(([name, times]) => times > most(name))) return true;
  const used = wordsOf(merged.source.text);
  const words = [wordsOf(parts.ours.source.text), wordsOf(parts.theirs.source.text)];
  return [...(sides[0]?.imported.keys() ?? [])].some(
    (name) => !result.all.has(name) && used.has(name) && words.some((known) => !known.has(name)),
  );
}
