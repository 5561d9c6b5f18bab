import type { BlamedLine, BlameRange } from "../core/git.ts";
import type { Git } from "./git.ts";
import { objectId } from "./names.ts";

const DEADLINE_MS = 30_000;
const LONGEST = 4 * 1024 * 1024;
const MOST_LINES = 200;
/** Commit, line then, line now. Lines of the file itself begin with a tab. */
const HEADER = /^(?<commit>[0-9a-f]{40}|[0-9a-f]{64}) \d+ (?<line>\d+)(?: \d+)?$/;

/**
 * Which of the commits after `since` last touched each of these lines of a file, at most 200; lines that none of them
 * touched are absent. Nothing where there is no such file, or it has no such lines.
 */
export async function blame(
  git: Git,
  gitDir: string,
  { commit, since, path, from, to }: BlameRange,
): Promise<readonly BlamedLine[]> {
  if (path.includes("\0") || !(from >= 1 && to >= from)) return [];
  const last = Math.min(to, from + MOST_LINES - 1);
  const base = objectId(since);
  const range = [`-L${Math.trunc(from)},${Math.trunc(last)}`, `${base}..${objectId(commit)}`];
  const args = ["blame", "--porcelain", "--no-textconv", ...range, "--", path];
  const how = { gitDir, answers: [0, 128], cutAt: LONGEST, deadlineMs: DEADLINE_MS };
  const { exitCode, stdout } = await git.run(args, how);
  // The file is not there, or shorter.
  if (exitCode !== 0) return [];
  return linesIn(stdout.toString("latin1")).filter((line) => line.commit !== base);
}

function linesIn(porcelain: string): BlamedLine[] {
  return porcelain.split("\n").flatMap((text) => {
    const { commit, line } = HEADER.exec(text)?.groups ?? {};
    return commit === undefined ? [] : [{ commit, line: Number(line) }];
  });
}
