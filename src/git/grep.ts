import { NexusError } from "../core/errors.ts";
import type { Grep, GrepHit, Grepped } from "../core/git.ts";
import type { Git } from "./git.ts";
import { patternProblem } from "./grep-pattern.ts";
import { objectId } from "./names.ts";

const LONGEST_MS = 15_000;
const MAX_OUTPUT = 4 * 1024 * 1024;
const MAX_LINE = 300;
const MAX_PATTERNS = 200;

const ALWAYS = ["-n", "-z", "-I", "--full-name", "--no-color", "--no-textconv", "--threads=1"];

/** git's own search over the files of a commit. Nothing is checked out, and nothing that the repository says acts. */
export async function grep(git: Git, gitDir: string, what: Grep): Promise<Grepped> {
  const { patterns, path = "", regex = false } = what;
  const bad = patterns.map((pattern) => patternProblem(pattern, regex)).find(Boolean);
  if (bad !== undefined) return refused(bad);
  if (patterns.length > MAX_PATTERNS) return refused("there are too many patterns");
  if (/\0/.test(path)) return refused("the path holds a NUL character");
  if (patterns.length === 0) return { kind: "found", hits: [], isCut: false };
  const late = AbortSignal.timeout(LONGEST_MS);
  const signal = what.signal ? AbortSignal.any([what.signal, late]) : late;
  try {
    // 1 is nothing found, 128 a pattern that does not compile.
    const how = { gitDir, signal, answers: [0, 1, 128], cutAt: MAX_OUTPUT };
    const { exitCode, stdout } = await git.run(argsOf(what), how);
    if (exitCode !== 128) return found(stdout, what);
  } catch (error) {
    const isSlow = error instanceof NexusError && error.code === "aborted" && late.aborted;
    if (!isSlow || what.signal?.aborted) throw error;
    return refused(`the search took longer than ${LONGEST_MS / 1000} seconds`);
  }
  // A commit that is not here ends in the same way, and is no fault of the pattern.
  await git.run(["cat-file", "-e", `${objectId(what.commit)}^{commit}`], { gitDir });
  return refused("it is no extended regular expression");
}

function argsOf({ commit, patterns, regex, ignoreCase, path = "", mostPerFile }: Grep) {
  const how = [regex ? "-E" : "-F", ...(ignoreCase ? ["-i"] : []), `--max-count=${mostPerFile}`];
  const wanted = patterns.flatMap((pattern) => ["-e", pattern]);
  const below = path === "" ? [] : [path];
  return ["grep", ...ALWAYS, ...how, ...wanted, objectId(commit), "--", ...below];
}

/** Each answer is `commit:path`, a NUL, the number, a NUL, the line. */
function found(stdout: Buffer, { commit, most }: Grep): Grepped {
  const wasCut = stdout.length >= MAX_OUTPUT;
  const lines = stdout.toString("utf8").split("\n");
  // What follows the last newline is nothing, or half a line.
  lines.pop();
  const hits = lines.flatMap((line) => hitOf(line, `${commit}:`));
  return { kind: "found", hits: hits.slice(0, most), isCut: wasCut || hits.length > most };
}

function hitOf(line: string, prefix: string): readonly GrepHit[] {
  const [name = "", number = "", ...text] = line.split("\0");
  const path = name.slice(prefix.length);
  // A name that is not UTF-8 or holds a line break could not be asked for again.
  const isWhole = name.startsWith(prefix) && /^\d+$/.test(number);
  if (!isWhole || path.includes("\uFFFD")) return [];
  return [{ path, line: Number(number), text: text.join("\0").slice(0, MAX_LINE).toWellFormed() }];
}

function refused(why: string): Grepped {
  return { kind: "refused", why };
}
