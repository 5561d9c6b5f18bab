import type { Outlines } from "./lost-entries.ts";
import type { Outline } from "./outline.ts";

const MEMBER = /\b(?:this|self|cls|Self|super)(?:\?\.|\.|::|->)#?([\p{L}_$][\p{L}\p{N}_$]*)/gu;

/** A use of what an anchor named, and the anchor: white space or a bracket before, no text in quotes. */
const ALIAS = /^[^#"'\n]*?(?:[:,[-]\s)\s*\*([^\s,[\]{}]+)/gmu;
const ANCHOR = /(?:^|[\s:,[])&([^\s,[\]{}]+)/gmu;

function found(text: string, pattern: RegExp): ReadonlySet<string> {
  return new Set(Array.from(text.matchAll(pattern), ([, name]) => name ?? ""));
}

/** The last names of everything that is declared inside something, without parameters and kinds. */
function membersOf(outline: Outline): ReadonlySet<string> {
  const names = new Set<string>();
  for (const { path, within } of outline.values()) {
    const name = /[\p{L}_$][\p{L}\p{N}_$]*(?=\(|$)/u.exec(path.at(-1) ?? "")?.[0];
    if (within !== undefined && name !== undefined) names.add(name);
  }
  return names;
}

interface Texts {
  readonly ours: string;
  readonly theirs: string;
  readonly merged: string;
}

/** Each member that a class uses of itself though one side removed it, and with it every use that it had. */
export function orphanedMembers(outlines: Outlines, texts: Texts): readonly string[] {
  const kept = membersOf(outlines.merged);
  const gone = [...membersOf(outlines.base)].filter((name) => !kept.has(name));
  if (gone.length === 0) return [];
  const used = found(texts.merged, MEMBER);
  const sides = [found(texts.ours, MEMBER), found(texts.theirs, MEMBER)];
  return gone
    .filter((name) => used.has(name) && sides.some((names) => !names.has(name)))
    .map((name) => `the member \`${name}\` is used, and its declaration is gone`);
}

/** Each alias of a YAML text whose anchor is gone, though no side had such a one. */
export function orphanedAliases({ ours, theirs, merged }: Texts): readonly string[] {
  const loose = (text: string) => {
    const anchors = found(text, ANCHOR);
    return [...found(text, ALIAS)].filter((name) => !anchors.has(name));
  };
  const usual = new Set([...loose(ours), ...loose(theirs)]);
  return loose(merged)
    .filter((name) => !usual.has(name))
    .map((name) => `the alias \`${name.slice(0, 80)}\` is used, and its anchor is gone`);
}
