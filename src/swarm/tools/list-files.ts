import { z } from "zod";
import { alternatives, isGlob, matchesGlob } from "../glob.ts";
import { globProblem } from "../safe-path.ts";
import { createTool, done, failed } from "../tool.ts";
import { LOOK_TIMEOUT_MS } from "./files-in-sandbox.ts";

const MAX_PATHS = 400;

// Removed files stay in git's list until they are committed, so they are taken out. Without git, all files.
const LIST = `
below=$1; shift
{ git -c core.quotePath=false ls-files -d -- "$@" 2>/dev/null | sed 's/^/-/'
  git -c core.quotePath=false ls-files -co --exclude-standard -- "$@" 2>/dev/null | sed 's/^/+/'
  git rev-parse --git-dir >/dev/null 2>&1 || find "$below" \\( -name .git -o -name node_modules \\) -prune -o -type f -print | sed 's|^\\./|+|'
} | awk '
/^-/ { gone[substr($0, 2)] = 1; next }
{ path = substr($0, 2) }
!(path in gone) && !(path in seen) { seen[path] = 1; print path }'`;

/** Lists the files below a folder, or those that a glob covers. */
export const listFiles = createTool({
  name: "list",
  description:
    "Lists files of the repository, without ignored ones. `path` is a folder or a glob such as src/**/*.ts; empty for everything.",
  input: z.strictObject({ path: z.string().max(300) }),
  async use({ path: asked }, { session }) {
    const path = asked.replace(/^\.?\/*$|^\.\/|\/+$/g, "");
    const problem = path === "" ? undefined : globProblem(path);
    if (problem) return failed(`The path was refused: ${problem}.`);
    const specs = pathspecs(path);
    const { exitCode, output, truncated } = await session.run(
      ["sh", "-c", LIST, "sh", `./${folderOf(path)}`, ...specs],
      { timeoutMs: LOOK_TIMEOUT_MS },
    );
    if (exitCode !== 0) return failed(output);
    const all = output.split("\n").filter((line) => line !== "");
    const found = isGlob(path) ? all.filter((file) => matchesGlob(path, file)) : all;
    return done(listing(found, truncated));
  },
});

function listing(found: readonly string[], truncated: boolean): string {
  const shown = found.slice(0, MAX_PATHS).join("\n");
  if (truncated) return `${shown}\n[There are more. List a folder or use a narrower glob.]`;
  if (found.length <= MAX_PATHS) return shown || "There are no such files.";
  return `${shown}\n[${found.length - MAX_PATHS} more left out. List a folder or use a narrower glob.]`;
}

// For git brackets are sets of characters; for us, as in most paths, they are brackets.
function pathspecs(path: string): readonly string[] {
  if (path === "") return ["."];
  if (!isGlob(path)) return [`:(literal)${path}`];
  return alternatives(path).map((plain) => `:(glob)${plain.replace(/[[\]]/g, "\\$&")}`);
}

/** The folder in which every match of the glob is. */
function folderOf(path: string): string {
  const wild = path.search(/[*?{]/);
  return wild === -1 ? path : path.slice(0, Math.max(0, path.lastIndexOf("/", wild)));
}
