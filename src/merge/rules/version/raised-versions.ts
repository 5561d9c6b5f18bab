import type { HunkReport, Sides } from "../../../core/merge.ts";
import { splitLines } from "../../text/split-lines.ts";
import { compareVersions, type VersionScheme } from "./compare-versions.ts";

/** Files that say which versions of others are used, and how versions are put in order there. */
const SCHEMES: readonly (readonly [RegExp, VersionScheme])[] = [
  [/(?:^|\/)(?:package|composer)\.json$/, "semver"],
  [/(?:^|\/)(?:Cargo\.toml|go\.mod|pubspec\.ya?ml|\.pre-commit-config\.ya?ml)$/, "semver"],
  [/(?:^|\/)\.github\/workflows\/[^/]+\.ya?ml$/, "semver"],
  [/(?:^|\/)(?:pyproject\.toml|setup\.cfg)$/, "python"],
  [/(?:^|\/)(?:[\w-]*requirements[\w-]*|requirements\/[\w-]+)\.(?:txt|in)$/, "python"],
  [/(?:^|\/)(?:pom\.xml|build\.gradle(?:\.kts)?|libs\.versions\.toml)$/, "maven"],
];

const VERSION = /\bv?\d+(?:\.\d+)+(?:[-+.]?[a-z][\w.+-]*)?|\bv\d+\b/gi;

/** The sides as if both had raised to the higher version, and what is told of it. */
export interface RaisedVersions {
  readonly sides: Sides;
  readonly told: HunkReport;
}

/**
 * Where both sides raised the version of one dependency, the higher one is what both have asked for at least. Undefined
 * where there is none. A line is known again by all that is no version in it; one that names nothing, such as
 * `version = "1.0"`, by the lines above it that belong to it too.
 */
export function raisedVersions(sides: Sides): RaisedVersions | undefined {
  const scheme = SCHEMES.find(([files]) => files.test(sides.path))?.[1];
  if (!scheme) return undefined;
  const [base, ours, theirs] = [sides.base, sides.ours, sides.theirs].map(linesByKey);
  const higher = new Map<string, string>();
  for (const [key, line] of base ?? []) {
    const [our, their] = [ours?.get(key), theirs?.get(key)];
    const best = line && our && their && higherOf({ base: line, ours: our, theirs: their }, scheme);
    if (best) higher.set(key, best);
  }
  if (higher.size === 0) return undefined;
  const written = (text: string) => {
    const lines = splitLines(text);
    return lines.map((line, at) => higher.get(keyAt(lines, at) ?? "") ?? line).join("");
  };
  const { path } = sides;
  const [first = ""] = higher.values();
  const raised = {
    path,
    base: written(sides.base),
    ours: written(sides.ours),
    theirs: written(sides.theirs),
  };
  const line = splitLines(raised.ours).indexOf(first) + 1;
  const why = "both sides raised a version; the higher one is taken";
  return { sides: raised, told: { stage: "rule", line, why, confidence: "proven" } };
}

function shapeOf(line: string): string {
  return line.replace(VERSION, "§");
}

/** Words that say that a version follows, not of what. */
const UNNAMED = /\b(?:version|rev|ref|tag|v)\b/gi;

/** Where the lines about one thing begin: an item, a heading or an element. */
const HEAD = /^\s*(?:-\s|\[|<[\w.-]+>\s*$)/;

const COMMENT = /^\s*(?:#|\/\/|<!--|;)/;

/** What a line with a version is known by on all sides; undefined for a line without, and where nothing names it. */
function keyAt(lines: readonly string[], at: number): string | undefined {
  const line = lines[at] ?? "";
  const shape = shapeOf(line);
  if (shape === line || COMMENT.test(line)) return undefined;
  if (isNamed(shape)) return shape;
  const above = lines.slice(Math.max(0, at - MOST_ABOVE), at);
  const head = above.findLastIndex((one) => HEAD.test(one) || one.trim() === "");
  const known = HEAD.test(line) || head < 0 ? [] : above.slice(head).map(shapeOf);
  return known.some(isNamed) ? [...known, shape].join("") : undefined;
}

/** Further up stands nothing that a version belongs to. */
const MOST_ABOVE = 20;

function isNamed(shape: string): boolean {
  return /[\p{L}\p{N}]/u.test(shape.replaceAll(UNNAMED, ""));
}

/** Lines with versions by what they are known by; undefined for what stands there more than once. */
function linesByKey(text: string): ReadonlyMap<string, string | undefined> {
  const lines = splitLines(text);
  const found = new Map<string, string | undefined>();
  for (const [at, line] of lines.entries()) {
    const key = keyAt(lines, at);
    if (key !== undefined) found.set(key, found.has(key) ? undefined : line);
  }
  return found;
}

interface Line {
  readonly base: string;
  readonly ours: string;
  readonly theirs: string;
}

function higherOf({ base, ours, theirs }: Line, scheme: VersionScheme): string | undefined {
  if (ours === theirs || ours === base || theirs === base) return undefined;
  const [was, our, their] = [base, ours, theirs].map((line) => line.match(VERSION) ?? []);
  const changed = (was ?? []).flatMap((version, at) =>
    our?.[at] === version && their?.[at] === version ? [] : [at],
  );
  const [at, more] = changed;
  if (at === undefined || more !== undefined || !asksForMore(base, at)) return undefined;
  const [before = "", one = "", other = ""] = [was?.[at], our?.[at], their?.[at]];
  const isRaised = [one, other].every((version) => isAbove(version, before, scheme));
  const order = compareVersions(one, other, scheme);
  if (!isRaised || order === undefined) return undefined;
  return order > 0 ? ours : theirs;
}

/** False for what is to stay below a version or to leave one out, for an address, and for a number that is a setting. */
function asksForMore(line: string, at: number): boolean {
  const found = [...line.matchAll(VERSION)][at];
  if (!found || /^\d+(?:\.\d+){3}$/.test(found[0])) return false;
  return !/(?:[<!]=?\s*|[^=<>~!]=\s*)$/.test(line.slice(0, found.index));
}

function isAbove(version: string, before: string, scheme: VersionScheme): boolean {
  const order = compareVersions(version, before, scheme);
  return order !== undefined && order > 0;
}
