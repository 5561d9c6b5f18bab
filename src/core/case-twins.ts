/**
 * Names of files and folders of which a folder that folds case or composes characters would make one with another
 * of them: all of them, sorted.
 */
export function caseTwins(paths: readonly string[]): readonly string[] {
  const spelled = new Map<string, string>();
  const twins = new Set<string>();
  for (const name of new Set(paths.flatMap(withFolders))) {
    const other = spelled.get(folded(name));
    if (other === undefined) spelled.set(folded(name), name);
    else twins.add(other).add(name);
  }
  return [...twins].sort();
}

/** The same for all spellings of a name that such a folder takes for one. */
// Upper case first: it also joins letters that have several small forms.
export function folded(name: string): string {
  return name.normalize("NFC").toUpperCase().toLowerCase().normalize("NFC");
}

function withFolders(path: string): readonly string[] {
  const parts = path.split("/");
  return parts.map((_, at) => parts.slice(0, at + 1).join("/"));
}
