import type { MessageRange } from "../core/git.ts";
import { visible } from "../core/untrusted.ts";
import type { Git } from "./git.ts";
import { objectId } from "./names.ts";

const LONGEST = 2_000;

/** What these commits say of themselves, newest first, merges left out, each cut to a bound. Hostile text. */
export async function newestMessages(
  git: Git,
  gitDir: string,
  { of, without, path, most }: MessageRange,
): Promise<readonly string[]> {
  const range = [objectId(of), `^${objectId(without)}`];
  const args = ["log", "-z", "--format=%B", "--no-show-signature", "--no-merges", `-${most}`];
  const files = path === undefined || path.includes("\0") ? [] : [path];
  const { stdout } = await git.run([...args, ...range, "--", ...files], { gitDir });
  return stdout
    .toString("utf8")
    .split("\0")
    .map((message) => visible(message).trim().slice(0, LONGEST))
    .filter((message) => message !== "");
}
