import { code } from "./escape.ts";
import { short } from "./evidence-text.ts";
import { link } from "./people.ts";

/** What a task wanted pushed, in any of its runs. */
export interface Pushed {
  readonly branch: string;
  /** The commit that was read back; absent while nothing was, or the newest push was refused. */
  readonly head?: string | undefined;
  /** The pull request that was read back. */
  readonly pullRequest?: { readonly number: number; readonly url: string } | undefined;
}

/** What is outside Nexus because of a task that did not end with its proposal. */
export function pushedText(pushed: Pushed | undefined): string {
  if (!pushed) return "Nothing was pushed.";
  const { branch, head, pullRequest } = pushed;
  const arrived = head
    ? `The branch ${code(branch)} was pushed before, at ${short(head)}.`
    : `A push to the branch ${code(branch)} was asked for; what arrived can be seen there.`;
  if (!pullRequest) return arrived;
  return `${arrived} The pull request ${link(pullRequest.number, pullRequest.url)} was opened for it.`;
}
