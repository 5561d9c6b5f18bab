/** A `.gitattributes` of a repository. */
export interface AttributesFile {
  /** From the root of the checkout, with `/` between its parts; empty for the root. */
  readonly folder: string;
  readonly text: string;
}

/** How a line says that files are merged, without what else it says. */
const MERGE = /^(?:[-!]?merge|merge=\S+)$/;
const LINE = /^\s*("(?:[^"\\]|\\.)*"|\S+)\s+(.*)$/;

/**
 * What the files of a repository say about merging, as lines for the one file that counts more than all of them. In
 * git's order: the last line that names a path decides.
 */
export function keptAttributes(files: readonly AttributesFile[]): readonly string[] {
  const byDepth = files.toSorted((a, b) => depthOf(a) - depthOf(b));
  const macros = new Map([["binary", "-merge"]]);
  const kept: string[] = [];
  for (const { folder, text } of byDepth) {
    for (const { pattern, words } of linesOf(text)) {
      const said = saidOfMerging(words, macros);
      if (said === undefined) continue;
      if (pattern.startsWith("[attr]")) macros.set(pattern.slice("[attr]".length), said);
      else kept.push(`${placed(pattern, folder)} ${said}`);
    }
  }
  return kept;
}

function linesOf(text: string) {
  return text.split("\n").flatMap((line) => {
    const [, pattern, words] = LINE.exec(line) ?? [];
    const isLine = pattern !== undefined && words !== undefined && !pattern.startsWith("#");
    return isLine ? [{ pattern, words }] : [];
  });
}

function depthOf({ folder }: AttributesFile): number {
  return folder === "" ? 0 : folder.split("/").length;
}

function saidOfMerging(words: string, macros: ReadonlyMap<string, string>): string | undefined {
  return words
    .split(/\s+/)
    .map((word) => (MERGE.test(word) ? word : macros.get(word)))
    .findLast((word) => word !== undefined);
}

/** A pattern of a folder as one of the root. */
function placed(pattern: string, folder: string): string {
  if (folder === "") return pattern;
  const isQuoted = pattern.length > 1 && pattern.startsWith('"');
  const plain = isQuoted ? pattern.slice(1, -1) : pattern;
  const below = plain.replace(/^\//, "");
  const isAnchored = below !== plain || below.includes("/");
  const literal = folder.replace(/[*?[\\]/g, "\\$&");
  if (!isQuoted && !/[\s"]/.test(folder)) return `${literal}/${isAnchored ? "" : "**/"}${below}`;
  const escaped = literal.replace(/["\\]/g, "\\$&");
  const rest = isQuoted ? below : below.replace(/["\\]/g, "\\$&");
  return `"${escaped}/${isAnchored ? "" : "**/"}${rest}"`;
}
