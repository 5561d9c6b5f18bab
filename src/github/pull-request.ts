import { answered } from "./github-error.ts";
import { type Here, isMe, type ResultOf, type WishOf } from "./publishing.ts";
import { body, sameText, title } from "./written-text.ts";

/** One open pull request for a branch: found, or made; ours is brought up to date; read back. */
export async function publishPullRequest(
  here: Here,
  wish: WishOf<"pull-request">,
): Promise<ResultOf<"pull-request">> {
  const text = { title: title(wish.title), body: body(wish.body) };
  const open = await findOpen(here, wish);
  const found = wish.number === undefined || open?.number === wish.number ? open : undefined;
  const number = found?.number ?? wish.number ?? (await create(here, wish, text));
  const same = !found || (found.title === text.title && sameText(found.body, text.body));
  // What a person wrote about the branch stays theirs.
  if (!same && isMe(here, found.user)) {
    await here.octokit.rest.pulls.update({ ...here.repo, pull_number: number, ...text });
  }
  const { data } = await here.octokit.rest.pulls.get({ ...here.repo, pull_number: number });
  return { kind: "pull-request", number: data.number, url: data.html_url, head: data.head.sha };
}

async function findOpen(here: Here, { branch, base }: WishOf<"pull-request">) {
  const head = `${here.repo.owner}:${branch}`;
  const asked = { ...here.repo, state: "open", head, base, per_page: 100 } as const;
  const { data } = await here.octokit.rest.pulls.list(asked);
  return data.find((pull) => pull.head.ref === branch && pull.base.ref === base);
}

async function create(
  here: Here,
  wish: WishOf<"pull-request">,
  text: { title: string; body: string },
): Promise<number> {
  const { branch: head, base, draft } = wish;
  try {
    const { data } = await here.octokit.rest.pulls.create({
      ...here.repo,
      head,
      base,
      draft,
      ...text,
    });
    return data.number;
  } catch (error) {
    // Usually: there is one already, made by a call whose answer was lost. Looking tells.
    const found = answered(error, 422) ? await findOpen(here, wish) : undefined;
    if (found) return found.number;
    throw error;
  }
}
