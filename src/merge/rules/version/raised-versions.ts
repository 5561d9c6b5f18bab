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
 * where there is none; a line that is no other on each side is known again by all that is no version in it.
 */
export function raisedVersions(sides: Sides): RaisedVersions | undefined {
  const scheme = SCHEMES.find(([files]) => files.test(sides.path))?.[1];
  if (!scheme) return undefined;
  const [base, ours, theirs] = [sides.base, sides.ours, sides.theirs].map(linesByShape);
  const higher = new Map<string, string>();
  for (const [shape, line] of base ?? []) {
    const [our, their] = [ours?.get(shape), theirs?.get(shape)];
    const best = line && our && their && higherOf({ base: line, ours: our, theirs: their }, scheme);
    if (best) higher.set(shape, best);
  }
  if (higher.size === 0) return undefined;
  const written = (text: string) =>
    splitLines(text)
      .map((line) => higher.get(shapeOf(line)) ?? line)
      .join("");
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

/** Lines with versions by what else is in them; undefined for what stands there more than once. */
function linesByShape(text: string): ReadonlyMap<string, string | undefined> {
  const lines = new Map<string, string | undefined>();
  for (const line of splitLines(text)) {
    const shape = shapeOf(line);
    if (shape !== line) lines.set(shape, lines.has(shape) ? undefined : line);
  }
  return lines;
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
  if (at === undefined || more !== undefined) return undefined;
  const [before = "", one = "", other = ""] = [was?.[at], our?.[at], their?.[at]];
  const isRaised = [one, other].every((version) => isAbove(version, before, scheme));
  const order = compareVersions(one, other, scheme);
  if (!isRaised || order === undefined) return undefined;
  return order > 0 ? ours : theirs;
}

function isAbove(version: string, before: string, scheme: VersionScheme): boolean {
  const order = compareVersions(version, before, scheme);
  return order !== undefined && order > 0;
}
