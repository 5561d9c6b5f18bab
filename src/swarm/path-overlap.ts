import { isGlob, matchesGlob } from "./glob.ts";

/** A path or pattern that both lists of globs cover, or undefined where there is none among the repository's files. */
export function sharedPath(
  a: readonly string[],
  b: readonly string[],
  files: readonly string[],
): string | undefined {
  return (
    a.find((glob) => b.includes(glob)) ??
    // Files that do not exist yet are known only where they are spelled out.
    a.find((glob) => !isGlob(glob) && covers(b, glob)) ??
    b.find((glob) => !isGlob(glob) && covers(a, glob)) ??
    files.find((file) => covers(a, file) && covers(b, file))
  );
}

function covers(globs: readonly string[], path: string): boolean {
  return globs.some((glob) => mayCover(glob, path) && matchesGlob(glob, path));
}

/** A cheap look before the exact one: large repositories have many files. */
function mayCover(glob: string, path: string): boolean {
  const fixed = glob.search(/[*?{]/);
  return path.startsWith(fixed === -1 ? glob : glob.slice(0, glob.lastIndexOf("/", fixed) + 1));
}
