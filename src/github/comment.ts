import { NexusError } from "../core/errors.ts";
import { type Here, isMe, type ResultOf, type WishOf } from "./publishing.ts";
import { body, sameText } from "./written-text.ts";

const MARKER = /^[A-Za-z0-9._:/-]{1,200}$/;

/** One comment: found by the marker on the first line of our own comments, made or edited, read back. */
export async function publishComment(
  here: Here,
  wish: WishOf<"comment">,
): Promise<ResultOf<"comment">> {
  const { rest } = here.octokit;
  const marker = markerLine(wish.marker);
  const text = body(`${marker}\n${wish.body}`);
  const found = await findComment(here, wish.issue, marker);
  let id = found?.id;
  if (id === undefined) {
    const asked = { ...here.repo, issue_number: wish.issue, body: text };
    id = (await rest.issues.createComment(asked)).data.id;
  } else if (!sameText(found?.body, text)) {
    await rest.issues.updateComment({ ...here.repo, comment_id: id, body: text });
  }
  const { data } = await rest.issues.getComment({ ...here.repo, comment_id: id });
  return { kind: "comment", id: data.id, url: data.html_url, shownAt: data.updated_at };
}

function markerLine(marker: string): string {
  if (!MARKER.test(marker))
    throw new NexusError("github.refused", "The marker of a comment is not plain text.");
  return `<!-- nexus:${marker} -->`;
}

/** The oldest, so that everybody who looks finds the same one. */
async function findComment(here: Here, issue: number, marker: string) {
  const { paginate, rest } = here.octokit;
  const asked = { ...here.repo, issue_number: issue, per_page: 100 };
  for await (const { data } of paginate.iterator(rest.issues.listComments, asked)) {
    const mine = data.find((one) => isMe(here, one.user) && firstLine(one.body) === marker);
    if (mine) return mine;
  }
  return undefined;
}

function firstLine(text: string | undefined): string {
  return (text ?? "").split(/\r?\n/, 1)[0]?.trimEnd() ?? "";
}
