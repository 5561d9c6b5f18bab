/** A line that brings one thing into a file, where the order of such lines means nothing. */
interface ImportLine {
  readonly paths: RegExp;
  /** What two lines must not share: the module that they import, or the name that they bind. */
  readonly line: RegExp;
}

// Imports for their side effects alone are left out: their order is the order of the effects. So are Python's of all
// names: the later ones hide those of the earlier ones.
const importLines: readonly ImportLine[] = [
  {
    paths: /\.[cm]?[jt]sx?$/,
    line: /^(?:import|export)\s[^"'`;]*\sfrom\s*(["'][^"']+["'])[^;]*;?$/,
  },
  {
    paths: /\.[cm]?[jt]sx?$/,
    line: /^(?:const|let|var)\s[^=;]*=\s*require\(\s*(["'][^"']+["'])\s*\)[\w.]*;?$/,
  },
  { paths: /\.pyi?$/, line: /^(?:from\s+(\S+)\s+import|import\s+([\w.]+)$)(?!.*[(\\*]$)/ },
  { paths: /\.rs$/, line: /^(?:pub(?:\([\w:]+\))?\s+)?(?:use|mod|extern crate)\s+([^;{]*)[^;]*;$/ },
  { paths: /\.go$/, line: /^(?:import\s+)?(?:[\w.]+\s+)?("[^"\s]+")$/ },
  { paths: /\.(?:java|kts?|scala)$/, line: /^import\s+((?:static\s+)?[\w.*]+);?$/ },
  { paths: /\.cs$/, line: /^using\s+([\w.]+);$/ },
];

/** What the line imports from, or undefined where it is no import whose order is free. */
export function importedBy(line: string, path: string): string | undefined {
  for (const kind of importLines) {
    if (!kind.paths.test(path)) continue;
    const found = kind.line.exec(line.trim());
    if (found !== null) return (found[1] ?? found[2] ?? "").trim();
  }
  return undefined;
}

const words = new Set(
  "as class const crate default export extern from function fun import let mod pub require self static std super type use using var".split(
    " ",
  ),
);

/** The names that an import line speaks of, without the module's own path where that is quoted. */
export function importedNames(line: string): readonly string[] {
  const names = line.replace(/(["']).*?\1/g, "").match(/[\p{L}_$][\p{L}\p{N}_$]*/gu) ?? [];
  return names.filter((name) => !words.has(name));
}
