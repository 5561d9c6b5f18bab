import { visible } from "../core/untrusted.ts";
import { alternatives, matchesGlob } from "./glob.ts";

const MAX_LENGTH = 300;
// git on file systems that drop case, trailing dots and blanks, or shorten names.
const GIT_FOLDER = /^(\.git|git~\d+)[. ]*$/i;

/** Why a path or glob may not be used, in words for the model; undefined when it may. */
export function pathProblem(path: string): string | undefined {
  if (path.length > MAX_LENGTH) return `longer than ${MAX_LENGTH} characters`;
  if (path !== visible(path) || /[\n\t]/.test(path) || !path.isWellFormed()) {
    return "it holds control or invisible characters";
  }
  if (path.includes("\\")) return "it holds a backslash";
  if (path.startsWith("/") || /^[a-z]:/i.test(path)) return "it is not relative to the repository";
  return path.split("/").map(segmentProblem).find(Boolean);
}

/** Why a glob may not be used: as a path, and it must not stand for too many others. */
export function globProblem(glob: string): string | undefined {
  if (alternatives(glob).length === 0) return "its braces stand for too many patterns";
  return [glob, ...alternatives(glob)].map(pathProblem).find(Boolean);
}

/** The paths that none of the globs cover. What a worker changed there is not part of its item. */
export function strayPaths(paths: readonly string[], globs: readonly string[]): readonly string[] {
  return paths.filter((path) => !globs.some((glob) => matchesGlob(glob, path)));
}

function segmentProblem(segment: string): string | undefined {
  if (segment === "") return "it holds an empty folder name";
  if (segment === "." || segment === "..") return `"${segment}" is not allowed in it`;
  if (GIT_FOLDER.test(segment)) return "it is inside .git";
  return undefined;
}
