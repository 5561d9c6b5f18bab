import { folderOf, inFolder } from "../path-parts.ts";

const MOST_LINES = 2_000;

/**
 * What `.gitattributes` says of `linguist-generated` for a path, the deepest file and the last line first;
 * undefined where none says anything. Of git's patterns `*`, `**` and `?` are known.
 */
export function isMarkedGenerated(
  path: string,
  around: ReadonlyMap<string, string>,
): boolean | undefined {
  return said(path, around, generatedSetting);
}

/** Whether `.gitattributes` says that a path is never merged by its text: `-merge`, `merge=binary` or `binary`. */
export function isMarkedWhole(path: string, around: ReadonlyMap<string, string>): boolean {
  return said(path, around, wholeSetting) ?? false;
}

/** What one attribute says of what is asked; undefined where it is about something else. */
type Setting = (attribute: string) => boolean | undefined;

function said(
  path: string,
  around: ReadonlyMap<string, string>,
  setting: Setting,
): boolean | undefined {
  for (let folder = folderOf(path); ; folder = folderOf(folder)) {
    const text = around.get(inFolder(folder, ".gitattributes"));
    const below = folder === "" ? path : path.slice(folder.length + 1);
    const here = text === undefined ? undefined : saidBy(text, below, setting);
    if (here !== undefined || folder === "") return here;
  }
}

function saidBy(text: string, path: string, setting: Setting): boolean | undefined {
  const lines = text.split(/\r?\n/, MOST_LINES).reverse();
  for (const line of lines) {
    const [pattern = "", ...attributes] = line.trim().split(/\s+/);
    const value = attributes.map(setting).findLast((one) => one !== undefined);
    if (value !== undefined && matches(pattern, path)) return value;
  }
  return undefined;
}

function generatedSetting(attribute: string): boolean | undefined {
  const [, minus, value] = /^(-?)linguist-generated(?:=(\w+))?$/.exec(attribute) ?? [];
  if (minus === undefined) return undefined;
  return minus === "" && value !== "false";
}

function wholeSetting(attribute: string): boolean | undefined {
  if (/^(?:-merge|merge=binary|binary)$/.test(attribute)) return true;
  return /^!?merge(?:=|$)/.test(attribute) ? false : undefined;
}

/** A pattern without a slash means names at any depth. Work is bounded by the lengths of both. */
function matches(pattern: string, path: string): boolean {
  const rooted = pattern.replace(/^\//, "");
  if (!pattern.includes("/")) return matchesParts([pattern], path.split("/").slice(-1));
  return matchesParts(rooted.split("/"), path.split("/"));
}

function matchesParts(patterns: readonly string[], names: readonly string[]): boolean {
  return reachesEnd(names.length, patterns, {
    isAny: (pattern) => pattern === "**",
    isAt: (pattern, at) => matchesName(pattern, names[at] ?? ""),
  });
}

function matchesName(pattern: string, name: string): boolean {
  return reachesEnd(name.length, pattern.split(""), {
    isAny: (sign) => sign === "*",
    isAt: (sign, at) => sign === "?" || name[at] === sign,
  });
}

interface Matching {
  /** True for what stands for any number of items. */
  isAny(pattern: string): boolean;
  isAt(pattern: string, at: number): boolean;
}

function reachesEnd(length: number, patterns: readonly string[], of: Matching): boolean {
  // Row by row: how many items the patterns so far can stand for.
  let reached = new Set([0]);
  for (const pattern of patterns) {
    if (of.isAny(pattern)) reached = allFrom(Math.min(...reached), length);
    else {
      const here = [...reached].filter((at) => at < length && of.isAt(pattern, at));
      reached = new Set(here.map((at) => at + 1));
    }
  }
  return reached.has(length);
}

function allFrom(first: number, last: number): Set<number> {
  const all = new Set<number>();
  for (let at = first; at <= last; at += 1) all.add(at);
  return all;
}
