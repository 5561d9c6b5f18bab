import type { Hub } from "./call.ts";
import { pullHappening, tell } from "./events.ts";
import { type Commit, isAncestor, log, readCommit, refsOf, setRef } from "./git.ts";
import { diffFiles } from "./git-diff.ts";
import { pullsOf } from "./pulls.ts";
import { accountOf } from "./shapes/commit.ts";
import type { PullIssue } from "./shapes/pull.ts";
import { pushedRepositoryJson, repositoryPage } from "./shapes/repository.ts";
import { type Account, type Json, now, type Repository } from "./state.ts";
import { emailOf } from "./write-commit.ts";

const NOTHING = "0".repeat(40);
const MOST_COMMITS = 20;

interface Move {
  readonly ref: string;
  readonly before: string;
  readonly after: string;
}

async function pushedCommit(hub: Hub, repo: Repository, commit: Commit): Promise<Json> {
  const parent = commit.parents[0] ?? "4b825dc642cb6eb9a060e54bf8d69288fbee4904";
  const files = await diffFiles(repo.folder, parent, commit.sha);
  const named = (status: string) =>
    files.filter((one) => one.status === status).map((one) => one.path);
  const person = (who: Commit["author"]) => ({
    name: who.name,
    email: who.email,
    username: accountOf(hub.state, who)?.login ?? who.name,
  });
  return {
    id: commit.sha,
    tree_id: commit.tree,
    distinct: true,
    message: commit.message,
    timestamp: commit.committer.date,
    url: `${repositoryPage(hub.state, repo)}/commit/${commit.sha}`,
    author: person(commit.author),
    committer: person(commit.committer),
    added: named("added"),
    removed: named("removed"),
    modified: files
      .filter((one) => one.status !== "added" && one.status !== "removed")
      .map((one) => one.path),
  };
}

async function tellPush(hub: Hub, repo: Repository, push: Move & { by: Account }): Promise<void> {
  const { folder } = repo;
  const created = push.before === NOTHING;
  const deleted = push.after === NOTHING;
  const range = created
    ? [push.after, "--not", ...repo.refs.values()]
    : [`${push.before}..${push.after}`];
  const commits = deleted
    ? []
    : await log(folder, [`-${MOST_COMMITS}`, "--reverse", ...range, "--"]);
  const head = deleted ? undefined : await readCommit(folder, push.after);
  const forced = !created && !deleted && !(await isAncestor(folder, push.before, push.after));
  const page = repositoryPage(hub.state, repo);
  const span = `${push.before.slice(0, 12)}...${push.after.slice(0, 12)}`;
  tell(hub, {
    name: "push",
    repo,
    sender: push.by,
    payload: {
      ref: push.ref,
      before: push.before,
      after: push.after,
      repository: pushedRepositoryJson(hub.state, repo),
      pusher: { name: push.by.login, email: emailOf(push.by) },
      created,
      deleted,
      forced,
      base_ref: null,
      compare: `${page}/compare/${span}`,
      commits: await Promise.all(commits.map((commit) => pushedCommit(hub, repo, commit))),
      head_commit: head === undefined ? null : await pushedCommit(hub, repo, head),
    },
  });
}

function close(pull: PullIssue, by: Account): void {
  pull.state = "closed";
  pull.closedAt = now();
  pull.closedBy = by;
  pull.updatedAt = now();
}

/** An open pull request after its head moved: it follows, or closes when its branch is gone. */
async function headMoved(
  hub: Hub,
  repo: Repository,
  { pull, move, by }: { pull: PullIssue; move: Move; by: Account },
): Promise<void> {
  const { state } = hub;
  if (move.after === NOTHING) {
    close(pull, by);
    tell(hub, await pullHappening(state, repo, { pull, action: "closed", sender: by }));
    return;
  }
  pull.updatedAt = now();
  await setRef(repo.folder, `refs/pull/${pull.number}/head`, move.after);
  const more = { before: move.before, after: move.after };
  tell(hub, await pullHappening(state, repo, { pull, action: "synchronize", sender: by, more }));
}

/** A pull request whose commits arrived in its base is merged, whoever brought them there. */
async function baseMoved(
  hub: Hub,
  repo: Repository,
  { pull, move, by }: { pull: PullIssue; move: Move; by: Account },
): Promise<void> {
  if (move.after === NOTHING) return;
  if (!(await isAncestor(repo.folder, pull.pull.headSha, move.after))) return;
  close(pull, by);
  pull.pull.baseSha = move.before;
  pull.pull.mergedAt = now();
  pull.pull.mergedBy = by;
  pull.pull.mergeCommit = move.after;
  tell(hub, await pullHappening(hub.state, repo, { pull, action: "closed", sender: by }));
}

/** Compares the repository's refs with what was last told and tells of every difference. */
export async function tellRefChanges(hub: Hub, repo: Repository, by: Account): Promise<void> {
  const live = await refsOf(repo.folder);
  const names = new Set([...repo.refs.keys(), ...live.keys()]);
  const moves = [...names]
    .map((ref) => ({
      ref,
      before: repo.refs.get(ref) ?? NOTHING,
      after: live.get(ref) ?? NOTHING,
    }))
    .filter((move) => move.before !== move.after);
  if (moves.length > 0) repo.pushedAt = now();
  for (const move of moves) await tellPush(hub, repo, { ...move, by });
  repo.refs = live;
  for (const move of moves) {
    for (const pull of pullsOf(repo).filter((one) => one.state === "open")) {
      if (move.ref === `refs/heads/${pull.pull.head}`)
        await headMoved(hub, repo, { pull, move, by });
      else if (move.ref === `refs/heads/${pull.pull.base}`)
        await baseMoved(hub, repo, { pull, move, by });
    }
  }
}
