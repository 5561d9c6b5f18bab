import type { RawPath } from "./raw-path.ts";

// Beyond it git is quicker.
const MOST_WORK = 20_000_000;

/**
 * False only where it is certain that none of these ignore rules applies to any of the paths, so that git need
 * not be asked: a rule cannot apply to a path in which its longest plain part does not occur.
 */
export function couldMatch(rules: Iterable<Buffer>, paths: readonly RawPath[]): boolean {
  const all = paths.join("\0");
  let work = 0;
  for (const content of rules) {
    for (const rule of content.toString("latin1").split("\n")) {
      work += all.length + rule.length;
      if (work > MOST_WORK) return true;
      const plain = plainPart(rule);
      if (plain !== undefined && all.includes(plain)) return true;
    }
  }
  return false;
}

/** The longest run of characters that stand for themselves; undefined for what ignores nothing. */
function plainPart(line: string): string | undefined {
  // To git a line ends at a zero.
  const rule = line.replace(/\0.*$/s, "").trimEnd();
  if (rule === "" || rule.startsWith("#") || rule.startsWith("!")) return undefined;
  // Nothing is plain for sure once a bracket was opened.
  const runs = rule.replace(/\[.*$/s, "").match(/[\w.-]+/g) ?? [];
  return runs.reduce((longest, run) => (run.length > longest.length ? run : longest), "");
}
