import type {
  StackPlan,
  StackRules,
  TreeFiles,
} from "../../../sandbox/environment/stacks/stack.ts";
import { STACKS } from "../../../sandbox/environment/stacks/stacks.ts";

/** Paths of a commit with their text. */
export type Files = Readonly<Record<string, string>>;

/** A commit's files from memory. */
function treeOf(files: Files): TreeFiles {
  const paths = Object.keys(files);
  const bytes = (path: string) =>
    Object.hasOwn(files, path) ? Buffer.from(files[path] ?? "") : undefined;
  const below = (folder: string) =>
    folder === "" ? paths : paths.filter((path) => path.startsWith(`${folder}/`));
  return {
    bytes,
    text: (path) => bytes(path)?.toString(),
    has: (path) => Object.hasOwn(files, path) || below(path).length > 0,
    names: (folder) => {
      const start = folder === "" ? 0 : folder.length + 1;
      return [...new Set(below(folder).map((path) => path.slice(start).split("/")[0] ?? ""))];
    },
  };
}

/** What the stacks make of these files. */
export function plansOf(files: Files, rules: StackRules = {}): StackPlan[] {
  return STACKS.flatMap((stack) => stack(treeOf(files), rules) ?? []);
}
