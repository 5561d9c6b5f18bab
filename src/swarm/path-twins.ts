import { folded } from "../core/case-twins.ts";
import type { WorkItem } from "../core/plan.ts";

type Named = Pick<WorkItem, "id" | "paths">;

/**
 * Paths that differ from a file, a folder or an earlier item's path in nothing but case or composed characters: both
 * could never be joined. Who names both spellings, such as to rename a file, is believed.
 */
export function twinProblems(items: readonly Named[], files: readonly string[]): readonly string[] {
  const here = namesOf(files);
  const fresh = items.flatMap(({ id, paths }) =>
    paths.map((path) => ({
      id,
      path,
      paths,
      names: namesIn(path).filter((one) => !here.has(one)),
    })),
  );
  // Folding takes long for all names of a repository, and most plans name what is there.
  if (fresh.every(({ names }) => names.length === 0)) return [];
  const spelled = new Map([...here].map((name) => [folded(name), name]));
  return fresh.flatMap(({ id, path, paths, names }) => {
    const twins = names.map((name) => ({ id, path, name, other: spell(name, spelled) }));
    const twin = twins.find(({ name, other }) => name !== other);
    return twin && !isNamed(twin.other, paths) ? [problemOf(twin)] : [];
  });
}

/** How a name was spelled first. */
function spell(name: string, spelled: Map<string, string>): string {
  const known = spelled.get(folded(name)) ?? name;
  spelled.set(folded(name), known);
  return known;
}

function problemOf(twin: Record<"id" | "path" | "name" | "other", string>): string {
  const [path, name, other] = [twin.path, twin.name, twin.other].map((one) => JSON.stringify(one));
  return `The path ${path} of "${twin.id}" was refused: ${other} is there or planned, and many file systems take ${name} for the same. Write it in those letters, or name both to rename it.`;
}

function isNamed(name: string, paths: readonly string[]): boolean {
  return paths.some((path) => path === name || path.startsWith(`${name}/`));
}

/** What a path or pattern spells out, with its folders. */
function namesIn(path: string): readonly string[] {
  const parts = path.split("/");
  const wild = parts.findIndex((part) => /[*?{]/.test(part));
  return upwards(parts.slice(0, wild === -1 ? parts.length : wild).join("/"));
}

function namesOf(files: readonly string[]): Set<string> {
  const names = new Set<string>();
  for (const file of files) {
    for (const name of upwards(file)) {
      // Whose folder is known is known all the way up.
      if (names.has(name)) break;
      names.add(name);
    }
  }
  return names;
}

/** A path, and the folders that it is in. */
function upwards(path: string): readonly string[] {
  const names: string[] = [];
  for (let name = path; name !== ""; name = name.slice(0, Math.max(0, name.lastIndexOf("/")))) {
    names.push(name);
  }
  return names;
}
