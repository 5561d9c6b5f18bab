/** Where other people's code lies, whatever its path ends in. */
const NOT_OURS =
  /(?:^|\/)(?:node_modules|site-packages|dist-packages|\.cargo|\.rustup|rustc)\/|^(?:\/usr\/(?:lib|share|include|local)\/|node:)/;
const MOST_PARTS = 40;

/** Finds files of the repository by the names that tools give them. */
export interface RepositoryFiles {
  /** The one file that is meant; undefined where none is, or several may be. */
  find(named: string): string | undefined;
}

/** Knows each file by its path, by an absolute path that ends in it, and by the end of its path where that is one file's alone. */
export function repositoryFiles(paths: readonly string[]): RepositoryFiles {
  const known = new Set(paths);
  const byName = new Map<string, string[]>();
  for (const path of paths) {
    const name = lastPart(path);
    const same = byName.get(name);
    if (same) same.push(path);
    else byName.set(name, [path]);
  }
  return {
    find(named) {
      const { path, isAbsolute } = normal(named);
      if (path === "" || NOT_OURS.test(named)) return undefined;
      if (known.has(path)) return path;
      if (isAbsolute) return endOf(path, known);
      const same = (byName.get(lastPart(path)) ?? []).filter((file) => file.endsWith(`/${path}`));
      return same.length === 1 ? same[0] : undefined;
    },
  };
}

/** The longest end of an absolute path that is a file of the repository: the rest is where a container has it. */
function endOf(path: string, known: ReadonlySet<string>): string | undefined {
  const parts = path.split("/").slice(-MOST_PARTS);
  return parts.map((_, at) => parts.slice(at).join("/")).find((end) => known.has(end));
}

function normal(named: string): { readonly path: string; readonly isAbsolute: boolean } {
  const slashes = decoded(named.replace(/^file:\/\//, "")).replaceAll("\\", "/");
  const isAbsolute = /^(?:[A-Za-z]:)?\//.test(slashes);
  const parts: string[] = [];
  for (const part of slashes.replace(/^[A-Za-z]:(?=\/)/, "").split("/")) {
    if (part === "..") parts.pop();
    else if (part !== "" && part !== ".") parts.push(part);
  }
  return { path: parts.join("/"), isAbsolute };
}

function decoded(text: string): string {
  try {
    return text.includes("%") ? decodeURIComponent(text) : text;
  } catch {
    // A per cent sign of the name itself.
    return text;
  }
}

function lastPart(path: string): string {
  return path.slice(path.lastIndexOf("/") + 1);
}
