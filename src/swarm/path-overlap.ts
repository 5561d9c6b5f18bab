import { isGlob, matchesGlob } from "./glob.ts";

/** Every path or pattern that both lists of globs cover, patterns first; none where they meet in no file that is there or spelled out. */
export function sharedPaths(
  a: readonly string[],
  b: readonly string[],
  files: readonly string[],
): readonly string[] {
  const same = a.filter((glob) => b.includes(glob));
  // Files that do not exist yet are known only where they are spelled out.
  const spelled = [
    ...a.filter((glob) => !isGlob(glob) && covers(b, glob)),
    ...b.filter((glob) => !isGlob(glob) && covers(a, glob)),
  ];
  const here = files.filter((file) => covers(a, file) && covers(b, file));
  const shared = [...new Set([...same, ...spelled, ...here])];
  return shared.toSorted((one, other) => Number(isGlob(other)) - Number(isGlob(one)));
}

function covers(globs: readonly string[], path: string): boolean {
  return globs.some((glob) => mayCover(glob, path) && matchesGlob(glob, path));
}

/** A cheap look before the exact one: large repositories have many files. */
function mayCover(glob: string, path: string): boolean {
  const fixed = glob.search(/[*?{]/);
  if (fixed === -1) return path === glob;
  // Behind `**/` the slash may stand for nothing.
  const end = glob.slice(
    Math.max(...["*", "?", "{", "}"].map((mark) => glob.lastIndexOf(mark))) + 1,
  );
  return (
    path.startsWith(glob.slice(0, glob.lastIndexOf("/", fixed) + 1)) &&
    path.endsWith(end.replace(/^\//, ""))
  );
}
