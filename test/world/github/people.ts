import { rm } from "node:fs/promises";
import { join } from "node:path";
import { mintToken } from "./apps.ts";
import type { Hub } from "./call.ts";
import { commentHappening, eventOf, issueHappening, pullHappening, tell } from "./events.ts";
import { commitOf, git, initBare, refsOf } from "./git.ts";
import { install } from "./install.ts";
import { addComment, addIssue, setState } from "./issues.ts";
import { openPull, pullsOf } from "./pulls.ts";
import {
  type Account,
  type Comment,
  type Issue,
  now,
  type Repository,
  type Role,
  repositoryKey,
  type State,
} from "./state.ts";
import type { Webhooks } from "./webhooks.ts";
import { emailOf, type FileContent, writeCommit } from "./write-commit.ts";

/** How the drivers of the world name a repository. */
export interface RepositoryName {
  readonly owner: string;
  readonly name: string;
}

export interface NewRepository extends RepositoryName {
  readonly files: Readonly<Record<string, FileContent>>;
  readonly defaultBranch?: string;
  readonly private?: boolean;
  /** False: the App is not installed there. */
  readonly installed?: boolean;
  /** True: the owner is an organization. */
  readonly organization?: boolean;
}

export interface CommentWish {
  readonly by: string;
  readonly body: string;
  /** False: GitHub could not reach the App; the delivery is in the log and can be asked for again. */
  readonly deliver?: boolean;
  /** True: written by another App. */
  readonly bot?: boolean;
}

export interface Delivered {
  readonly commentId: number;
  /** The delivery's guid; empty where the App is not told. */
  readonly deliveryId: string;
  /** The webhook's answer; 0 where the App is not told. */
  readonly status: number;
}

interface World {
  readonly hub: Hub;
  readonly webhooks: Webhooks;
  readonly folder: string;
}

/** The repository by its name, or a clear complaint of the test that named it. */
export function known(state: State, { owner, name }: RepositoryName): Repository {
  const repo = state.repositories.get(repositoryKey(owner, name));
  if (repo === undefined) throw new Error(`There is no repository ${owner}/${name}.`);
  return repo;
}

function knownIssue(repo: Repository, number: number): Issue {
  const issue = repo.issues.get(number);
  if (issue === undefined) throw new Error(`There is no issue ${number} in ${repo.name}.`);
  return issue;
}

/** What people, not the App, do in the world. */
export function createPeople(world: World) {
  const { hub, webhooks } = world;
  const { state } = hub;
  const find = (name: RepositoryName) => known(state, name);

  async function createRepository(wish: NewRepository) {
    const owner = state.account(wish.owner, wish.organization ? "Organization" : "User");
    const folder = join(world.folder, owner.login, `${wish.name}.git`);
    const defaultBranch = wish.defaultBranch ?? "main";
    await rm(folder, { recursive: true, force: true });
    await initBare(folder, defaultBranch);
    const author = wish.organization ? state.appOwner : owner;
    const first = { branch: defaultBranch, parent: undefined, message: "Initial commit", author };
    await writeCommit(folder, { ...first, files: wish.files });
    const repo: Repository = {
      id: state.nextId(),
      owner,
      name: wish.name,
      folder,
      private: wish.private ?? false,
      defaultBranch,
      createdAt: now(),
      collaborators: new Map(),
      issues: new Map(),
      comments: new Map(),
      labels: new Map(),
      checkRuns: [],
      statuses: [],
      logs: new Map(),
      refs: await refsOf(folder),
      pushedAt: now(),
    };
    state.repositories.set(repositoryKey(wish.owner, wish.name), repo);
    const installation = wish.installed === false ? undefined : install(hub, repo);
    const sha = repo.refs.get(`refs/heads/${defaultBranch}`) ?? "";
    const name = { owner: owner.login, name: repo.name };
    return { repo: name, installationId: installation?.id ?? 0, sha };
  }

  /** Commits to a branch, new ones starting at the default branch; returns the commit. */
  async function commit(
    name: RepositoryName,
    what: {
      branch: string;
      files: Readonly<Record<string, FileContent>>;
      message: string;
      by?: string;
      from?: string;
    },
  ): Promise<string> {
    const repo = find(name);
    const author = what.by === undefined ? repo.owner : state.account(what.by);
    const parent =
      (await commitOf(repo.folder, `refs/heads/${what.branch}`)) ??
      (await commitOf(repo.folder, what.from ?? `refs/heads/${repo.defaultBranch}`));
    await writeCommit(repo.folder, { ...what, parent, author });
    await hub.refsChanged(repo, author);
    return (await commitOf(repo.folder, `refs/heads/${what.branch}`)) ?? "";
  }

  function addCollaborator(name: RepositoryName, user: string, permission: Role): void {
    state.account(user);
    find(name).collaborators.set(user.toLowerCase(), permission);
  }

  function openIssue(
    name: RepositoryName,
    { title, body, by }: { title: string; body: string; by: string },
  ): number {
    const repo = find(name);
    const author = state.account(by);
    const issue = addIssue(state, repo, { title, body, author, viaApp: false });
    tell(hub, issueHappening(state, repo, { issue, action: "opened", sender: author }));
    return issue.number;
  }

  function closeIssue(name: RepositoryName, number: number, by: string): void {
    const repo = find(name);
    const issue = knownIssue(repo, number);
    const sender = state.account(by);
    if (!setState(issue, "closed", sender)) return;
    issue.stateReason = "completed";
    tell(hub, issueHappening(state, repo, { issue, action: "closed", sender }));
  }

  async function deliver(
    repo: Repository,
    what: { issue: Issue; comment: Comment; action: string; sender: Account; before?: string },
    wish: CommentWish,
  ): Promise<Delivered> {
    const event = eventOf(state, commentHappening(state, repo, what));
    const lost = wish.deliver === false;
    const delivery = event === undefined ? undefined : await webhooks.send(event, { lost });
    return {
      commentId: what.comment.id,
      deliveryId: delivery?.guid ?? "",
      status: delivery?.statusCode ?? 0,
    };
  }

  /** Comments and waits for the webhook's answer. */
  function comment(name: RepositoryName, number: number, wish: CommentWish): Promise<Delivered> {
    const repo = find(name);
    const issue = knownIssue(repo, number);
    const author = wish.bot ? state.account(`${wish.by}[bot]`, "Bot") : state.account(wish.by);
    const { body } = wish;
    const made = addComment(state, repo, { issue, body, author, viaApp: wish.bot === true });
    return deliver(repo, { issue, comment: made, action: "created", sender: author }, wish);
  }

  /** Edits a comment and waits for the webhook's answer. */
  function editComment(
    name: RepositoryName,
    commentId: number,
    wish: CommentWish,
  ): Promise<Delivered> {
    const repo = find(name);
    const edited = repo.comments.get(commentId);
    if (edited === undefined) throw new Error(`There is no comment ${commentId}.`);
    const issue = knownIssue(repo, edited.issue);
    const before = edited.body;
    edited.body = wish.body;
    edited.updatedAt = now();
    const sender = state.account(wish.by);
    return deliver(repo, { issue, comment: edited, action: "edited", sender, before }, wish);
  }

  async function openPullRequest(
    name: RepositoryName,
    what: { title: string; body: string; head: string; base?: string; by: string },
  ): Promise<number> {
    const repo = find(name);
    const author = state.account(what.by);
    const base = what.base ?? repo.defaultBranch;
    const pull = await openPull(state, repo, {
      ...what,
      base,
      draft: false,
      author,
      viaApp: false,
    });
    tell(hub, await pullHappening(state, repo, { pull, action: "opened", sender: author }));
    return pull.number;
  }

  /** Merges like the green button; fails on a conflict. */
  async function mergePullRequest(
    name: RepositoryName,
    number: number,
    by: string,
  ): Promise<string> {
    const repo = find(name);
    const issue = pullsOf(repo).find((one) => one.number === number);
    if (issue === undefined || issue.state === "closed") throw new Error(`${number} is not open.`);
    const { head, base } = issue.pull;
    const author = state.account(by);
    const ends = [`refs/heads/${base}`, `refs/heads/${head}`];
    const merged = await git(repo.folder, ["merge-tree", "--write-tree", ...ends]);
    const message = `Merge pull request #${number} from ${repo.owner.login}/${head}\n\n${issue.title}`;
    const env = {
      GIT_AUTHOR_NAME: author.login,
      GIT_AUTHOR_EMAIL: emailOf(author),
      GIT_COMMITTER_NAME: author.login,
      GIT_COMMITTER_EMAIL: emailOf(author),
    };
    const tree = merged.stdout.toString().trim();
    const parents = ends.flatMap((end) => ["-p", end]);
    const made = await git(repo.folder, ["commit-tree", tree, ...parents], { input: message, env });
    const sha = made.stdout.toString().trim();
    await git(repo.folder, ["update-ref", `refs/heads/${base}`, sha]);
    await hub.refsChanged(repo, author);
    return sha;
  }

  /** Sends a delivery again under its own guid and waits for the answer; returns its status. */
  async function redeliver(guid: string): Promise<number> {
    const delivery = state.deliveries.find((one) => one.guid === guid);
    if (delivery === undefined) throw new Error(`There is no delivery ${guid}.`);
    return (await webhooks.redeliver(delivery)).statusCode;
  }

  /** Puts the log of a job or run of Actions where the API finds it. */
  function seedLog(
    name: RepositoryName,
    log: { kind: "jobs" | "runs"; id: number; content: string | Uint8Array },
  ): void {
    find(name).logs.set(`${log.kind}/${log.id}`, log.content);
  }

  /** A token as Actions would hand it to a workflow of this repository. */
  function token(name: RepositoryName, permissions: Record<string, string>): string {
    const repo = find(name);
    const installation = [...state.installations.values()].find((one) =>
      one.repositories.has(repo.id),
    );
    if (installation === undefined) throw new Error("The App is not installed there.");
    const repositories = new Set([repo.id]);
    return mintToken(state, { installation, repositories, permissions });
  }

  return {
    createRepository,
    commit,
    addCollaborator,
    openIssue,
    closeIssue,
    comment,
    editComment,
    openPullRequest,
    mergePullRequest,
    redeliver,
    seedLog,
    token,
  };
}
