/** A root and its libraries, which lie in the same repository: npm installs and locks them without a registry. */
interface NpmProject {
  /** What the root depends on. */
  readonly root: readonly string[];
  /** Every library with what it depends on. */
  readonly libraries: Readonly<Record<string, readonly string[]>>;
}

/** The files of such a project, its lockfile as npm writes it. */
function npmProject({ root, libraries }: NpmProject): Record<string, string> {
  const manifest = { ...numbered("shop"), dependencies: placed(root, "libs/") };
  const locked = reachable(root, libraries);
  const packages = {
    "": manifest,
    ...Object.fromEntries(
      locked.map((name) => [`libs/${name}`, { version: VERSION, ...needs(libraries[name]) }]),
    ),
    ...Object.fromEntries(
      locked.map((name) => [`node_modules/${name}`, { resolved: `libs/${name}`, link: true }]),
    ),
  };
  const lock = { ...numbered("shop"), lockfileVersion: 3, requires: true, packages };
  const sources = Object.entries(libraries).flatMap(([name, wanted]) => [
    [`libs/${name}/package.json`, json({ ...numbered(name), ...needs(wanted) })],
    [`libs/${name}/index.js`, wanted.map((one) => `require("${one}");\n`).join("")],
  ]);
  return {
    "package.json": json(manifest),
    "package-lock.json": json(lock),
    ...Object.fromEntries(sources),
  };
}

const VERSION = "1.0.0";

const LIBRARIES = { apple: [], fig: [], kiwi: [], lime: [], pear: ["apple"], zest: [] };

/**
 * Three states of one project. Ours wants no apple any more; theirs adds pear, which needs apple. git joins the lines
 * of manifest and lockfile without a conflict, to a lockfile without apple that nobody can install from.
 */
export const TORN_APART = {
  base: shop("apple", "fig", "kiwi", "zest"),
  ours: shop("fig", "kiwi", "zest"),
  theirs: shop("apple", "fig", "kiwi", "pear", "zest"),
  merged: shop("fig", "kiwi", "pear", "zest"),
};

/** Three states whose lockfiles git joins to just what npm makes of them: ours adds apple, theirs adds lime. */
export const WELL_JOINED = {
  base: shop("fig", "kiwi", "zest"),
  ours: shop("apple", "fig", "kiwi", "zest"),
  theirs: shop("fig", "kiwi", "lime", "zest"),
};

function shop(...root: readonly string[]): Record<string, string> {
  return npmProject({ root, libraries: LIBRARIES });
}

function numbered(name: string) {
  return { name, version: VERSION };
}

function needs(names: readonly string[] = []) {
  return names.length === 0 ? {} : { dependencies: placed(names, "../") };
}

function placed(names: readonly string[], folder: string): Record<string, string> {
  return Object.fromEntries(names.map((name) => [name, `file:${folder}${name}`]));
}

function reachable(names: readonly string[], libraries: NpmProject["libraries"]): string[] {
  const found = new Set<string>();
  const add = (name: string) => {
    found.add(name);
    libraries[name]?.forEach(add);
  };
  names.forEach(add);
  return [...found].sort();
}

function json(value: unknown): string {
  return `${JSON.stringify(value, null, 2)}\n`;
}
