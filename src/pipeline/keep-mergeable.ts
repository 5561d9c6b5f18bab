import type { BaseMoved } from "../core/base-moved.ts";
import type { OpenPlatform } from "../core/platform.ts";
import type { Inbox } from "../core/record.ts";
import type { Task } from "../core/task.ts";

/** Pull requests that one push makes tasks of, at most. */
const MOST = 10;

/** How many of Nexus' own pull requests go into a branch that moved, and how many of them were looked at. */
export interface Kept {
  readonly found: number;
  readonly tasks: number;
}

/**
 * Makes a task of each of Nexus' own open pull requests that the new commits keep from merging, newest first and
 * no more than a bound. The same pull request and commit is one task, however often it is told.
 */
export async function keepMergeable(
  moved: BaseMoved,
  { inbox, open }: { readonly inbox: Inbox; readonly open: OpenPlatform },
): Promise<Kept> {
  const platform = await open(moved);
  const found = await platform.openPullRequests({ base: moved.branch, headPrefix: "nexus/" });
  let tasks = 0;
  for (const number of found.slice(0, MOST)) {
    const { merges, sameRepository } = await platform.pullRequest(number);
    if (merges === "clean" || !sameRepository) continue;
    await inbox.receive(taskFor(moved, number));
    tasks += 1;
  }
  const left = found.length > MOST ? `, ${found.length - MOST} left out` : "";
  await inbox.refuse(moved, `${found.length} pull requests, ${tasks} tasks${left}`, []);
  return { found: found.length, tasks };
}

function taskFor(moved: BaseMoved, number: number): Task {
  const { repo, installationId, head } = moved;
  return {
    id: `keep-${hashOf(`${repo.owner}/${repo.name}`)}-${installationId}-${number}-${head.slice(0, 20)}`,
    repo,
    installationId,
    issue: number,
    isPullRequest: true,
    requestedBy: "nexus[bot]",
    request: "resolve",
    keepsMergeable: true,
  };
}

/** FNV-1a: two repositories of one installation may hold the same commit. */
function hashOf(text: string): string {
  let hash = 0x811c9dc5;
  for (let at = 0; at < text.length; at++) {
    hash = Math.imul(hash ^ text.charCodeAt(at), 0x01000193);
  }
  return (hash >>> 0).toString(36);
}
