import { allows } from "./access.ts";
import {
  type Call,
  notFound,
  number,
  optionalText,
  paged,
  Refusal,
  type Reply,
  type RepositoryCall,
  type Routes,
  text,
  textList,
} from "./call.ts";
import { commentHappening, issueHappening, tell } from "./events.ts";
import { ensureLabels } from "./labels.ts";
import { commentJson, fullIssueJson, issueJson } from "./shapes/issue.ts";
import {
  type Account,
  type Comment,
  type Issue,
  now,
  type Pull,
  type Repository,
  type State,
} from "./state.ts";

/** Issues and pull requests count together. */
function nextNumber(repo: Repository): number {
  return Math.max(0, ...repo.issues.keys()) + 1;
}

/** Puts a new issue, or the issue side of a pull request, into the repository. */
export function addIssue(
  state: State,
  repo: Repository,
  what: { title: string; body: string | null; author: Account; viaApp: boolean; pull?: Pull },
): Issue {
  const at = now();
  const issue: Issue = {
    id: state.nextId(),
    number: nextNumber(repo),
    author: what.author,
    viaApp: what.viaApp,
    createdAt: at,
    reactions: [],
    pull: what.pull,
    title: what.title,
    body: what.body,
    state: "open",
    stateReason: null,
    labels: [],
    assignees: [],
    updatedAt: at,
    closedAt: undefined,
    closedBy: undefined,
  };
  repo.issues.set(issue.number, issue);
  return issue;
}

/** Puts a new comment under an issue. */
export function addComment(
  state: State,
  repo: Repository,
  what: { issue: Issue; body: string; author: Account; viaApp: boolean },
): Comment {
  const at = now();
  const comment: Comment = {
    id: state.nextId(),
    issue: what.issue.number,
    author: what.author,
    viaApp: what.viaApp,
    createdAt: at,
    reactions: [],
    body: what.body,
    updatedAt: at,
  };
  repo.comments.set(comment.id, comment);
  what.issue.updatedAt = at;
  return comment;
}

/** Opens or closes; true when that changed something. */
export function setState(issue: Issue, to: string | undefined, by: Account): boolean {
  if ((to !== "open" && to !== "closed") || issue.state === to) return false;
  issue.state = to;
  issue.closedAt = to === "closed" ? now() : undefined;
  issue.closedBy = to === "closed" ? by : undefined;
  issue.updatedAt = now();
  return true;
}

/** The issue the path names. On pull requests the permission for those is enough, too. */
export function issueAsked(call: RepositoryCall): Issue {
  const issue = call.repo.issues.get(number(call.params, "issue_number"));
  if (issue === undefined) throw notFound();
  return permitted(call, issue);
}

/** Refuses a token that has only the pull requests' permission on a plain issue. */
function permitted(call: RepositoryCall, issue: Issue): Issue {
  if (issue.pull !== undefined || call.caller.kind !== "installation") return issue;
  if (allows(call.caller.token.permissions, { any: ["issues"], level: "read" })) return issue;
  throw new Refusal(403, "Resource not accessible by integration");
}

export function commentAsked(call: RepositoryCall): Comment {
  const comment = call.repo.comments.get(number(call.params, "comment_id"));
  const issue = call.repo.issues.get(comment?.issue ?? 0);
  if (comment === undefined || issue === undefined) throw notFound();
  permitted(call, issue);
  return comment;
}

const byCreation = (a: { id: number }, b: { id: number }) => a.id - b.id;

function since(call: Call, at: string): boolean {
  const wanted = optionalText(call.query, "since");
  return wanted === undefined || Date.parse(at) >= Date.parse(wanted);
}

function listIssues(call: RepositoryCall): Reply {
  const { state, repo, query } = call;
  const wanted = text(query, "state") || "open";
  const labels = text(query, "labels").split(",").filter(Boolean);
  const creator = optionalText(query, "creator")?.toLowerCase();
  const issues = [...repo.issues.values()].filter(
    (issue) =>
      (wanted === "all" || issue.state === wanted) &&
      labels.every((label) => issue.labels.includes(label)) &&
      (creator === undefined || issue.author.login.toLowerCase() === creator) &&
      since(call, issue.updatedAt),
  );
  issues.sort(byCreation);
  if (text(query, "direction") !== "asc") issues.reverse();
  return paged(call, issues, (page) => page.map((issue) => issueJson(state, repo, issue)));
}

function titleOf(call: RepositoryCall): string {
  const { title } = call.body;
  return typeof title === "number" ? String(title) : text(call.body, "title");
}

function createIssue(call: RepositoryCall): Reply {
  const { hub, state, repo, body } = call;
  const issue = addIssue(state, repo, {
    title: titleOf(call),
    body: optionalText(body, "body") ?? null,
    author: state.bot,
    viaApp: true,
  });
  issue.labels = ensureLabels(state, repo, labelNames(call));
  tell(hub, issueHappening(state, repo, { issue, action: "opened", sender: state.bot }));
  return { status: 201, body: fullIssueJson(state, repo, issue) };
}

function labelNames(call: RepositoryCall): string[] {
  const { labels } = call.body;
  if (!Array.isArray(labels)) return [];
  return labels.map((label: unknown) =>
    typeof label === "object" && label !== null && "name" in label
      ? String(label.name)
      : String(label),
  );
}

function updateIssue(call: RepositoryCall): Reply {
  const { hub, state, repo, body } = call;
  const issue = issueAsked(call);
  const by = state.bot;
  if (body.title != null) issue.title = titleOf(call);
  if (body.body !== undefined) issue.body = optionalText(body, "body") ?? null;
  if (body.labels !== undefined) issue.labels = ensureLabels(state, repo, labelNames(call));
  if (body.assignees !== undefined) {
    issue.assignees = textList(body, "assignees").map((login) => state.account(login));
  }
  issue.updatedAt = now();
  const changed = setState(issue, optionalText(body, "state"), by);
  if (changed) {
    issue.stateReason = issue.state === "closed" ? text(body, "state_reason") || "completed" : null;
    const action = issue.state === "closed" ? "closed" : "reopened";
    if (issue.pull === undefined) {
      tell(hub, issueHappening(state, repo, { issue, action, sender: by }));
    }
  }
  return { status: 200, body: fullIssueJson(state, repo, issue) };
}

function listComments(call: RepositoryCall): Reply {
  const { state, repo } = call;
  const issue = issueAsked(call);
  const comments = [...repo.comments.values()]
    .filter((comment) => comment.issue === issue.number && since(call, comment.updatedAt))
    .sort(byCreation);
  return paged(call, comments, (page) => page.map((one) => commentJson(state, repo, one)));
}

const MOST_CHARACTERS = 65_536;

function checkBody(body: string): string {
  if (body.trim() === "") {
    throw new Refusal(422, "Validation Failed", [
      { resource: "IssueComment", code: "missing_field", field: "body" },
    ]);
  }
  if (body.length > MOST_CHARACTERS) {
    throw new Refusal(422, "Validation Failed", [
      {
        resource: "IssueComment",
        code: "unprocessable",
        field: "data",
        message: "Body is too long (maximum is 65536 characters)",
      },
    ]);
  }
  return body;
}

function createComment(call: RepositoryCall): Reply {
  const { hub, state, repo } = call;
  const issue = issueAsked(call);
  const body = checkBody(text(call.body, "body"));
  const comment = addComment(state, repo, { issue, body, author: state.bot, viaApp: true });
  const what = { issue, comment, action: "created", sender: state.bot };
  tell(hub, commentHappening(state, repo, what));
  return { status: 201, body: commentJson(state, repo, comment) };
}

function getComment(call: RepositoryCall): Reply {
  return { status: 200, body: commentJson(call.state, call.repo, commentAsked(call)) };
}

function owner(call: RepositoryCall, comment: Comment): Issue {
  const issue = call.repo.issues.get(comment.issue);
  if (issue === undefined) throw notFound();
  return issue;
}

function updateComment(call: RepositoryCall): Reply {
  const { hub, state, repo } = call;
  const comment = commentAsked(call);
  const before = comment.body;
  comment.body = checkBody(text(call.body, "body"));
  comment.updatedAt = now();
  const issue = owner(call, comment);
  const what = { issue, comment, action: "edited", sender: state.bot, before };
  tell(hub, commentHappening(state, repo, what));
  return { status: 200, body: commentJson(state, repo, comment) };
}

function deleteComment(call: RepositoryCall): Reply {
  const { hub, state, repo } = call;
  const comment = commentAsked(call);
  const issue = owner(call, comment);
  repo.comments.delete(comment.id);
  const what = { issue, comment, action: "deleted", sender: state.bot };
  tell(hub, commentHappening(state, repo, what));
  return { status: 204 };
}

const REPO = "/repos/{owner}/{repo}/issues";
const EITHER = ["issues", "pull_requests"];

const read = (handle: (call: RepositoryCall) => Reply) =>
  ({ auth: "repository", need: { any: EITHER, level: "read" }, handle }) as const;
const write = (handle: (call: RepositoryCall) => Reply) =>
  ({ auth: "repository", need: { any: EITHER, level: "write" }, handle }) as const;

/** Issues and their comments. */
export const ISSUE_ROUTES: Routes = {
  [`GET ${REPO}`]: read(listIssues),
  [`POST ${REPO}`]: {
    auth: "repository",
    need: { any: ["issues"], level: "write" },
    handle: createIssue,
  },
  [`GET ${REPO}/{issue_number}`]: read((call) => ({
    status: 200,
    body: fullIssueJson(call.state, call.repo, issueAsked(call)),
  })),
  [`PATCH ${REPO}/{issue_number}`]: write(updateIssue),
  [`GET ${REPO}/{issue_number}/comments`]: read(listComments),
  [`POST ${REPO}/{issue_number}/comments`]: write(createComment),
  [`GET ${REPO}/comments/{comment_id}`]: read(getComment),
  [`PATCH ${REPO}/comments/{comment_id}`]: write(updateComment),
  [`DELETE ${REPO}/comments/{comment_id}`]: write(deleteComment),
};
