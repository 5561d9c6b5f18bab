import type { Syntax, SyntaxNode } from "../../../src/core/syntax.ts";
import { atPlaces, templateOf } from "./marked-hunks.ts";

/** One conflicting file with what people made of it. */
export interface Replayed {
  readonly path: string;
  readonly base: string;
  readonly ours: string;
  readonly theirs: string;
  readonly people: string;
  /** What `git merge-file` says to it, with the base, for its places. */
  readonly marked: string;
}

/**
 * How a resolution stands to people's: byte for byte; but for white space and comments; equal in the conflicts and
 * people edited elsewhere too, or equal but for the order of lines; otherwise different.
 */
export interface Verdict {
  readonly kind: "exact" | "alike" | "equivalent" | "different";
  /** Lines that a side added and people kept, and that are gone. */
  readonly lost: readonly string[];
  /** Lines that a side removed and people left out, and that are there. */
  readonly back: readonly string[];
}

/** Compares a resolution with the people's. */
export function judge(got: string, given: Replayed, syntax: Syntax): Verdict {
  if (got === given.people) return { kind: "exact", lost: [], back: [] };
  const plain = (text: string) => withoutComments(given.path, text, syntax).replace(/\s+/g, "");
  if (squashed(got) === squashed(given.people) || plain(got) === plain(given.people))
    return { kind: "alike", lost: [], back: [] };
  const same = sameInConflicts(got, given) || sameLines(got, given.people);
  return { kind: same ? "equivalent" : "different", ...faults(got, given) };
}

function faults(got: string, given: Replayed): Pick<Verdict, "lost" | "back"> {
  const [base, ours, theirs] = [given.base, given.ours, given.theirs].map(counted);
  const people = counted(given.people);
  const merged = counted(got);
  const of = (more: Counts = new Map(), less: Counts = new Map()) =>
    [...more].filter(([line, count]) => count > (less.get(line) ?? 0)).map(([line]) => line);
  const telling = (lines: readonly string[]) =>
    [...new Set(lines)].filter((line) => /[A-Za-z0-9]{2}/.test(line));
  const added = telling([...of(ours, base), ...of(theirs, base)]);
  const removed = telling([...of(base, ours), ...of(base, theirs)]);
  return {
    lost: added.filter((line) => people.has(line) && !merged.has(line)),
    back: removed.filter((line) => !people.has(line) && merged.has(line)),
  };
}

type Counts = ReadonlyMap<string, number>;

function counted(text: string): Counts {
  const counts = new Map<string, number>();
  for (const line of normal(text)) counts.set(line, (counts.get(line) ?? 0) + 1);
  return counts;
}

function normal(text: string): readonly string[] {
  return text.split("\n").flatMap((line) => line.replace(/\s+/g, " ").trim() || []);
}

function squashed(text: string): string {
  return normal(text).join("\n");
}

function sameLines(one: string, other: string): boolean {
  return [...normal(one)].sort().join("\n") === [...normal(other)].sort().join("\n");
}

function withoutComments(path: string, text: string, syntax: Syntax): string {
  const tree = syntax.parse(path, text);
  if (!tree || tree.hasErrors) return text;
  const kept: string[] = [];
  let from = 0;
  const leave = (node: SyntaxNode): void => {
    if (/comment/.test(node.type)) {
      kept.push(text.slice(from, node.start));
      from = node.end;
    } else for (const child of node.children) leave(child);
  };
  leave(tree.root);
  return [...kept, text.slice(from)].join("");
}

/** True where both have the same at the place of every conflict. */
function sameInConflicts(got: string, { marked, people }: Replayed): boolean {
  const template = templateOf(marked);
  const theirs = atPlaces(template, people);
  return (
    template.places.length > 0 &&
    atPlaces(template, got).every((text, at) => {
      const other = theirs[at];
      return text !== undefined && other !== undefined && squashed(text) === squashed(other);
    })
  );
}
