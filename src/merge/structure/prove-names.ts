import type { SyntaxNode } from "../../core/syntax.ts";
import { type Member, outlineOf, type Part, type Source } from "./outline.ts";
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

function keysOf(node: SyntaxNode, { language, text }: Source): readonly string[] {
  if (!language.bodies[node.type]) return [];
  return node.children.flatMap((child) => {
    const identity = language.members[child.type]?.(child, text);
    return identity ? [`${identity.key}\n${identity.detail ?? ""}`] : [];
  });
}

/** How often each key stands once more in a container in which it stands already. */
function repeatedIn({ node, source }: Part): ReadonlyMap<string, number> {
  const repeated: string[] = [];
  const open = [node];
  for (let next = open.pop(); next; next = open.pop()) {
    for (const [key, times] of count(keysOf(next, source))) {
      for (let more = 1; more < times; more += 1) repeated.push(key);
    }
    for (const child of next.children) if (child.children.length > 0) open.push(child);
  }
  return count(repeated);
}

function exceeds(
  result: ReadonlyMap<string, number>,
  sides: readonly ReadonlyMap<string, number>[],
): boolean {
  return [...result].some(
    ([name, times]) => times > Math.max(...sides.map((side) => side.get(name) ?? 0)),
  );
}

/**
 * True where the names of a file speak against a merge of it: one is made known at its top more often than on any
 * side, a container has one key more often, or a name is used that a side does without and has no import for any
 * more.
 */
export function hasNameTrouble(parts: Triple<Part>, merged: Part): boolean {
  const all = [parts.base, parts.ours, parts.theirs];
  const sides = all.map(namesIn);
  const result = namesIn(merged);
  if (
    exceeds(
      result.all,
      sides.map((side) => side.all),
    )
  )
    return true;
  if (exceeds(repeatedIn(merged), all.map(repeatedIn))) return true;
  const used = wordsOf(merged.source.text);
  const words = [wordsOf(parts.ours.source.text), wordsOf(parts.theirs.source.text)];
  return [...(sides[0]?.imported.keys() ?? [])].some(
    (name) => !result.all.has(name) && used.has(name) && words.some((known) => !known.has(name)),
  );
}
