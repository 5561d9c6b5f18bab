import { optionalText, paged, type Reply, type RepositoryCall, type Routes, text } from "./call.ts";
import { commentAsked, issueAsked } from "./issues.ts";
import { reactionJson } from "./shapes/issue.ts";
import { now, type Reaction } from "./state.ts";

type Find = (call: RepositoryCall) => { readonly reactions: Reaction[] };

const list =
  (find: Find) =>
  (call: RepositoryCall): Reply => {
    const wanted = optionalText(call.query, "content");
    const reactions = find(call).reactions.filter(
      (reaction) => wanted === undefined || reaction.content === wanted,
    );
    return paged(call, reactions, (page) => page.map((one) => reactionJson(call.state, one)));
  };

/** The same reaction of the same account exists once: 200 when it was there, 201 when it is new. */
const create =
  (find: Find) =>
  (call: RepositoryCall): Reply => {
    const { state } = call;
    const { reactions } = find(call);
    const content = text(call.body, "content");
    const known = reactions.find(
      (reaction) => reaction.content === content && reaction.user === state.bot,
    );
    if (known !== undefined) return { status: 200, body: reactionJson(state, known) };
    const made = { id: state.nextId(), user: state.bot, content, createdAt: now() };
    reactions.push(made);
    return { status: 201, body: reactionJson(state, made) };
  };

const ISSUES = "/repos/{owner}/{repo}/issues";
const READ = { any: ["issues", "pull_requests"], level: "read" } as const;
const WRITE = { any: ["issues", "pull_requests"], level: "write" } as const;

/** Reactions on issues and their comments. */
export const REACTION_ROUTES: Routes = {
  [`GET ${ISSUES}/comments/{comment_id}/reactions`]: {
    auth: "repository",
    need: READ,
    handle: list(commentAsked),
  },
  [`POST ${ISSUES}/comments/{comment_id}/reactions`]: {
    auth: "repository",
    need: WRITE,
    handle: create(commentAsked),
  },
  [`GET ${ISSUES}/{issue_number}/reactions`]: {
    auth: "repository",
    need: READ,
    handle: list(issueAsked),
  },
  [`POST ${ISSUES}/{issue_number}/reactions`]: {
    auth: "repository",
    need: WRITE,
    handle: create(issueAsked),
  },
};
