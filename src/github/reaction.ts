import { type Here, isMe, type ResultOf, type WishOf } from "./publishing.ts";

/** Our own reaction on a comment; somebody else's does not count. */
export async function publishReaction(
  here: Here,
  wish: WishOf<"reaction">,
): Promise<ResultOf<"reaction">> {
  const found = await findReaction(here, wish);
  if (found !== undefined) return { kind: "reaction", id: found };
  const asked = { ...here.repo, comment_id: wish.commentId, content: wish.content };
  const { data } = await here.octokit.rest.reactions.createForIssueComment(asked);
  return { kind: "reaction", id: (await findReaction(here, wish)) ?? data.id };
}

async function findReaction(here: Here, { commentId, content }: WishOf<"reaction">) {
  const { paginate, rest } = here.octokit;
  const asked = { ...here.repo, comment_id: commentId, content, per_page: 100 };
  for await (const { data } of paginate.iterator(rest.reactions.listForIssueComment, asked)) {
    const mine = data.find((one) => isMe(here, one.user) && one.content === content);
    if (mine) return mine.id;
  }
  return undefined;
}
