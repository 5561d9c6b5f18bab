import {
  invalid,
  type Need,
  notFound,
  number,
  optionalText,
  paged,
  Refusal,
  type Reply,
  type RepositoryCall,
  type Routes,
  text,
} from "./call.ts";
import { pullHappening, tell } from "./events.ts";
import { commitOf, count, log, mergeBase, setRef } from "./git.ts";
import { diffFiles, diffText } from "./git-diff.ts";
import { addIssue, setState } from "./issues.ts";
import { diffReply } from "./repositories.ts";
import { commitJson, fileJson } from "./shapes/commit.ts";
import { followBranches, fullPullJson, isPull, type PullIssue, pullJson } from "./shapes/pull.ts";
import { type Account, now, type Repository, type State } from "./state.ts";

export interface NewPull {
  readonly title: string;
  readonly body: string | null;
  readonly head: string;
  readonly base: string;
  readonly draft: boolean;
  readonly author: Account;
  readonly viaApp: boolean;
}

/** The pull requests of a repository, oldest first. */
export function pullsOf(repo: Repository): PullIssue[] {
  return [...repo.issues.values()].filter(isPull);
}

/** Opens a pull request under GitHub's rules for what may be opened. */
export async function openPull(state: State, repo: Repository, what: NewPull): Promise<PullIssue> {
  const resource = "PullRequest";
  const { folder } = repo;
  const headSha = await commitOf(folder, `refs/heads/${what.head}`);
  const baseSha = await commitOf(folder, `refs/heads/${what.base}`);
  if (headSha === undefined) throw invalid({ resource, field: "head", code: "invalid" });
  if (baseSha === undefined) throw invalid({ resource, field: "base", code: "invalid" });
  const twin = pullsOf(repo).find(
    ({ state: now, pull }) => now === "open" && pull.head === what.head && pull.base === what.base,
  );
  if (twin !== undefined) {
    const message = `A pull request already exists for ${repo.owner.login}:${what.head}.`;
    throw invalid({ resource, code: "custom", message });
  }
  if ((await count(folder, `${baseSha}..${headSha}`)) === 0) {
    const message = `No commits between ${what.base} and ${what.head}`;
    throw invalid({ resource, code: "custom", message });
  }
  const pull = {
    id: state.nextId(),
    head: what.head,
    base: what.base,
    draft: what.draft,
    headSha,
    baseSha,
    mergedAt: undefined,
    mergedBy: undefined,
    mergeCommit: undefined,
  };
  const issue = addIssue(state, repo, { ...what, pull });
  await setRef(folder, `refs/pull/${issue.number}/head`, headSha);
  return issue as PullIssue;
}

function pullAsked(call: RepositoryCall): PullIssue {
  const issue = call.repo.issues.get(number(call.params, "pull_number"));
  if (issue === undefined || !isPull(issue)) throw notFound();
  return issue;
}

/** `branch` or `owner:branch`; other owners would be forks, which this world does not have. */
function ownBranch(repo: Repository, name: string): string | undefined {
  const [owner, branch] = name.includes(":") ? name.split(":", 2) : [repo.owner.login, name];
  return owner?.toLowerCase() === repo.owner.login.toLowerCase() ? branch : undefined;
}

async function create(call: RepositoryCall): Promise<Reply> {
  const { hub, state, repo, body } = call;
  const title = text(body, "title");
  if (title === "")
    throw invalid({ resource: "PullRequest", code: "missing_field", field: "title" });
  const head = ownBranch(repo, text(body, "head"));
  if (head === undefined) {
    throw invalid({ resource: "PullRequest", field: "head", code: "invalid" });
  }
  const issue = await openPull(state, repo, {
    title,
    body: optionalText(body, "body") ?? null,
    head,
    base: text(body, "base"),
    draft: body.draft === true,
    author: state.bot,
    viaApp: true,
  });
  const what = { pull: issue, action: "opened", sender: state.bot };
  tell(hub, await pullHappening(state, repo, what));
  return { status: 201, body: await fullPullJson(state, repo, issue) };
}

/** Like GitHub, a head filter without an owner filters nothing. */
function fits(call: RepositoryCall, { pull, state }: PullIssue): boolean {
  const wanted = text(call.query, "state") || "open";
  const head = text(call.query, "head");
  const base = text(call.query, "base");
  return (
    (wanted === "all" || wanted === state) &&
    (base === "" || base === pull.base) &&
    (!head.includes(":") || ownBranch(call.repo, head) === pull.head)
  );
}

async function list(call: RepositoryCall): Promise<Reply> {
  const { state, repo } = call;
  const found = pullsOf(repo).filter((pull) => fits(call, pull));
  if (text(call.query, "direction") !== "asc") found.reverse();
  const all = await Promise.all(found.map((pull) => pullJson(state, repo, pull)));
  return paged(call, all);
}

async function get(call: RepositoryCall): Promise<Reply> {
  const pull = pullAsked(call);
  if (/\bdiff\b/.test(call.accept)) {
    const { from, to } = await span(call.repo, pull);
    return diffReply(await diffText(call.repo.folder, from, to));
  }
  return { status: 200, body: await fullPullJson(call.state, call.repo, pull) };
}

async function update(call: RepositoryCall): Promise<Reply> {
  const { hub, state, repo, body } = call;
  const issue = pullAsked(call);
  const edited = ["title", "body", "base"].some((key) => body[key] !== undefined);
  await followBranches(repo, issue);
  const changes = { title: { from: issue.title }, body: { from: issue.body } };
  if (body.title !== undefined) issue.title = text(body, "title");
  if (body.body !== undefined) issue.body = optionalText(body, "body") ?? null;
  if (body.base !== undefined) await moveBase(repo, issue, text(body, "base"));
  issue.updatedAt = now();
  if (edited) {
    const what = { pull: issue, action: "edited", sender: state.bot, more: { changes } };
    tell(hub, await pullHappening(state, repo, what));
  }
  if (body.state === "open" && issue.pull.mergedAt !== undefined) {
    throw new Refusal(422, "Validation Failed");
  }
  if (setState(issue, optionalText(body, "state"), state.bot)) {
    const action = issue.state === "open" ? "reopened" : "closed";
    tell(hub, await pullHappening(state, repo, { pull: issue, action, sender: state.bot }));
  }
  return { status: 200, body: await fullPullJson(state, repo, issue) };
}

async function moveBase(repo: Repository, issue: PullIssue, base: string): Promise<void> {
  if ((await commitOf(repo.folder, `refs/heads/${base}`)) === undefined) {
    throw invalid({ resource: "PullRequest", field: "base", code: "invalid" });
  }
  issue.pull.base = base;
}

/** What a pull request would bring: from where it left its base to its head. */
export async function span(
  repo: Repository,
  issue: PullIssue,
): Promise<{ from: string; to: string }> {
  await followBranches(repo, issue);
  const { baseSha, headSha } = issue.pull;
  return { from: (await mergeBase(repo.folder, baseSha, headSha)) ?? baseSha, to: headSha };
}

async function files(call: RepositoryCall): Promise<Reply> {
  const { state, repo } = call;
  const { from, to } = await span(repo, pullAsked(call));
  const found = await diffFiles(repo.folder, from, to);
  return paged(call, found, (page) => page.map((file) => fileJson({ state, repo, ref: to }, file)));
}

async function commits(call: RepositoryCall): Promise<Reply> {
  const { state, repo } = call;
  const { from, to } = await span(repo, pullAsked(call));
  const found = await log(repo.folder, ["--reverse", `${from}..${to}`, "--"]);
  return paged(call, found, (page) => page.map((commit) => commitJson(state, repo, commit)));
}

const REPO = "/repos/{owner}/{repo}/pulls";
const READ: Need = { any: ["pull_requests"], level: "read" };
const WRITE: Need = { any: ["pull_requests"], level: "write" };
const route = (need: Need, handle: (call: RepositoryCall) => Promise<Reply>) =>
  ({ auth: "repository", need, handle }) as const;

/** Pull requests between branches of one repository. */
export const PULL_ROUTES: Routes = {
  [`GET ${REPO}`]: route(READ, list),
  [`POST ${REPO}`]: route(WRITE, create),
  [`GET ${REPO}/{pull_number}`]: route(READ, get),
  [`PATCH ${REPO}/{pull_number}`]: route(WRITE, update),
  [`GET ${REPO}/{pull_number}/files`]: route(READ, files),
  [`GET ${REPO}/{pull_number}/commits`]: route(READ, commits),
};
