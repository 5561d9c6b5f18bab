import type { Mirror } from "../../core/git.ts";

/** What rules look into to learn how a file is made. */
const NAMES = ["package.json", "Makefile", ".gitattributes"];
/** More is a repository where nobody reads them all either. */
const MOST = 60;

/** Of which paths something is asked, and which are in conflict themselves and say nothing. */
interface Around {
  readonly of: readonly string[];
  readonly without: readonly string[];
}

/** These files of a tree in the folders of the paths and above. */
export async function readAround(
  mirror: Pick<Mirror, "listFiles" | "readFile">,
  tree: string,
  { of: paths, without }: Around,
): Promise<ReadonlyMap<string, string>> {
  if (paths.length === 0) return new Map();
  const here = new Set(await mirror.listFiles(tree));
  const inConflict = new Set(without);
  const wanted = [...new Set(paths.flatMap(foldersOf))]
    .flatMap((folder) => NAMES.map((name) => folder + name))
    .filter((path) => here.has(path) && !inConflict.has(path));
  const around = new Map<string, string>();
  for (const path of wanted.slice(0, MOST)) {
    const text = await mirror.readFile(tree, path);
    if (text !== undefined) around.set(path, text);
  }
  return around;
}

/** The folders that a path is in, each with its slash; the root is nothing. */
function foldersOf(path: string): readonly string[] {
  const parts = path.split("/").slice(0, -1);
  return [...parts.keys(), parts.length].map((depth) =>
    parts
      .slice(0, depth)
      .map((part) => `${part}/`)
      .join(""),
  );
}
