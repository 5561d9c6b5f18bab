import { randomUUID } from "node:crypto";
import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { NexusError } from "../../src/core/errors.ts";
import { askTool } from "../changes/host-tool.ts";

/** One side of a comparison, as git keeps it. */
export interface Side {
  readonly mode: "100644" | "100755" | "120000";
  readonly bytes: Buffer;
}

/** A path's content before and after; undefined where there was none, or is none. */
export interface Pair {
  readonly before: Side | undefined;
  readonly after: Side | undefined;
}

// No configuration and no attributes but the built-in ones: the comparison cannot be told to hide anything.
const ENVIRONMENT = {
  HOME: "/dev/null",
  XDG_CONFIG_HOME: "/dev/null",
  GIT_CONFIG_NOSYSTEM: "1",
  GIT_CONFIG_GLOBAL: "/dev/null",
  GIT_ATTR_NOSYSTEM: "1",
  GIT_NO_REPLACE_OBJECTS: "1",
  GIT_OPTIONAL_LOCKS: "0",
  GIT_LITERAL_PATHSPECS: "1",
};

const NAME_DIGITS = 8;

/**
 * Unified differences of pairs, as git writes them. Both sides are bytes that are given: git sees neither the
 * tree nor its names, only a scratch repository below this folder in which each pair is a number. A file is
 * named in the result by what `nameOf` says of its number.
 */
export async function unifiedDiff(
  pairs: readonly Pair[],
  { scratch, nameOf }: { readonly scratch: string; readonly nameOf: (pair: number) => string },
): Promise<string> {
  if (pairs.length === 0) return "";
  const gitDir = join(scratch, `compare-${randomUUID()}`);
  for (const part of ["objects", "refs"]) mkdirSync(join(gitDir, part), { recursive: true });
  writeFileSync(join(gitDir, "HEAD"), "ref: refs/heads/none\n");
  const git = async (args: readonly string[], input: Buffer) => {
    const env = { ...ENVIRONMENT, GIT_DIR: gitDir };
    const { exitCode, stdout } = await askTool({ program: "git", args, cwd: gitDir, env, input });
    if (exitCode !== 0) throw failed();
    return stdout;
  };
  try {
    await git(["fast-import", "--quiet", "--force"], commitsOf(pairs));
    const diff = await git(
      ["diff-tree", "-p", "-M", "--no-color", "--no-ext-diff", "--no-textconv", BEFORE, AFTER],
      Buffer.alloc(0),
    );
    return withNames(diff.toString("utf8"), nameOf);
  } finally {
    rmSync(gitDir, { recursive: true, force: true });
  }
}

const BEFORE = "refs/nexus/before";
const AFTER = "refs/nexus/after";

function commitsOf(pairs: readonly Pair[]): Buffer {
  return Buffer.concat([
    commit(
      BEFORE,
      pairs.map(({ before }) => before),
    ),
    commit(
      AFTER,
      pairs.map(({ after }) => after),
    ),
  ]);
}

function commit(ref: string, sides: readonly (Side | undefined)[]): Buffer {
  const parts: Buffer[] = [Buffer.from(`commit ${ref}\ncommitter nexus <nexus> 0 +0000\ndata 0\n`)];
  for (const [at, side] of sides.entries()) {
    if (!side) continue;
    const name = String(at).padStart(NAME_DIGITS, "0");
    parts.push(Buffer.from(`M ${side.mode} inline ${name}\ndata ${side.bytes.length}\n`));
    parts.push(side.bytes, Buffer.from("\n"));
  }
  return Buffer.concat(parts);
}

const HEADER =
  /^(?:diff --git|---|\+\+\+|Binary files|rename from|rename to|copy from|copy to) .*$/;
const NUMBER = new RegExp(`(?<=^|[ /])\\d{${NAME_DIGITS}}(?=$|[ \\t])`, "g");

/** Lines of content begin with a space, a sign or a backslash, so no file can forge a header before its first hunk. */
function withNames(diff: string, nameOf: (pair: number) => string): string {
  let inHeader = false;
  const lines = diff.split("\n").map((line) => {
    if (line.startsWith("diff --git ")) inHeader = true;
    else if (line.startsWith("@@ ")) inHeader = false;
    if (!inHeader || !HEADER.test(line)) return line;
    return line.replace(NUMBER, (digits) => nameOf(Number(digits)));
  });
  return lines.join("\n");
}

function failed(): NexusError {
  return new NexusError("git.failed", "git could not compare the files.", {
    hint: "Is git installed on this machine? `nexus doctor` looks.",
  });
}
