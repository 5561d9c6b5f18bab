import type { Git } from "./git.ts";
import { objectId } from "./names.ts";

/** More paths than this are found faster, and without a limit of length, by listing everything. */
const MAX_NAMED = 300;
const MAX_FILE = 16 * 1024 * 1024;

/** A path as a tree holds it. */
interface TreeEntry {
  readonly mode: string;
  readonly id: string;
  readonly path: string;
  /** In bytes, where it was asked for. */
  readonly size: string | undefined;
}

/** What can be read from the commits of one bare repository. */
export interface CommitReader {
  readFile(commit: string, path: string): Promise<string | undefined>;
  listFiles(commit: string): Promise<readonly string[]>;
  /** All files of a commit, or those of them that have one of these paths. */
  entries(commit: string, paths?: readonly string[]): Promise<readonly TreeEntry[]>;
  treeOf(commit: string): Promise<string>;
  hasCommit(commit: string): Promise<boolean>;
}

/** Reads by object id and path only; nothing is checked out and no filter runs. */
export function createCommitReader(git: Git, gitDir: string): CommitReader {
  const entries: CommitReader["entries"] = async (commit, paths) => {
    const named = paths && paths.length <= MAX_NAMED ? ["--", ...paths] : undefined;
    const how = named ?? ["-r"];
    const { stdout } = await git.run(["ls-tree", "-z", objectId(commit), ...how], { gitDir });
    return parseTree(stdout).filter(({ mode }) => mode !== "040000");
  };
  return {
    entries,
    async readFile(commit, path) {
      // git would resolve these parts; a tree holds none of them.
      if (path.includes("\0") || path.split("/").some((part) => /^\.{0,2}$/.test(part)))
        return undefined;
      const args = ["ls-tree", "-z", "--long", objectId(commit), "--", path];
      const { stdout } = await git.run(args, { gitDir });
      const file = parseTree(stdout).find((entry) => entry.path === path && isFile(entry));
      if (!file || Number(file.size) > MAX_FILE) return undefined;
      return (await git.run(["cat-file", "blob", file.id], { gitDir })).stdout.toString("utf8");
    },
    async listFiles(commit) {
      const all = await entries(commit);
      // A name that is not UTF-8 could not be asked for again.
      return all
        .filter((e) => e.mode !== "160000" && !e.path.includes("\uFFFD"))
        .map((e) => e.path);
    },
    treeOf: (commit) =>
      git.line(["rev-parse", "--verify", "--quiet", `${objectId(commit)}^{tree}`], { gitDir }),
    async hasCommit(commit) {
      const args = ["cat-file", "-e", `${objectId(commit)}^{commit}`];
      return (await git.run(args, { gitDir, answers: [0, 1, 128] })).exitCode === 0;
    },
  };
}

/** The entries of `ls-tree -z`: mode, type, id, with `--long` the size, then the path up to the NUL. */
function parseTree(stdout: Buffer): TreeEntry[] {
  return stdout
    .toString("utf8")
    .split("\0")
    .filter((record) => record !== "")
    .map((record) => {
      const tab = record.indexOf("\t");
      const [mode = "", , id = "", size] = record.slice(0, tab).split(/ +/);
      return { mode, id, size, path: record.slice(tab + 1) };
    });
}

function isFile({ mode }: TreeEntry): boolean {
  return mode === "100644" || mode === "100755";
}
