import { answered } from "./github-error.ts";
import { type Here, isMe, type ResultOf, type WishOf } from "./publishing.ts";
import { body, sameText, title } from "./written-text.ts";

/** One open pull request for a branch: found, or made; ours is brought up to date; read back. */
export async function publishPullRequest(
  here: Here,
  wish: WishOf<"pull-request">,
): Promise<ResultOf<"pull-request">> {
  const there = await findOpen(here, wish);
  const found = wish.number === undefined || there?.number === wish.number ? there : undefined;
  // It stays marked as long as a person leaves the mark there.
  const text = textOf(wish, found?.title.startsWith(MARK) ?? false);
  const number = found?.number ?? wish.number ?? (await create(here, wish));
  const same = !found || (found.title === text.title && sameText(found.body, text.body));
  // What a person wrote about the branch stays theirs.
  if (!same && isMe(here, found.user)) {
    await here.octokit.rest.pulls.update({ ...here.repo, pull_number: number, ...text });
  }
  const { data } = await here.octokit.rest.pulls.get({ ...here.repo, pull_number: number });
  return { kind: "pull-request", number: data.number, url: data.html_url, head: data.head.sha };
}

/** Says in the title what the platform has no place for. */
const MARK = "[draft] ";

function textOf(wish: WishOf<"pull-request">, isMarked: boolean) {
  return { title: title(isMarked ? `${MARK}${wish.title}` : wish.title), body: body(wish.body) };
}

async function findOpen(here: Here, { branch, base }: WishOf<"pull-request">) {
  const head = `${here.repo.owner}:${branch}`;
  const asked = { ...here.repo, state: "open", head, base, per_page: 100 } as const;
  const { data } = await here.octokit.rest.pulls.list(asked);
  return data.find((pull) => pull.head.ref === branch && pull.base.ref === base);
}

async function create(here: Here, wish: WishOf<"pull-request">): Promise<number> {
  try {
    return await open(here, wish, { draft: wish.draft, ...textOf(wish, false) });
  } catch (error) {
    if (!answered(error, 422)) throw error;
    // Usually: there is one already, made by a call whose answer was lost. Looking tells.
    const found = await findOpen(here, wish);
    if (found) return found.number;
    if (!wish.draft) throw error;
    // Some plans have no drafts. Where something else is wrong, it is refused again.
    return await open(here, wish, { draft: false, ...textOf(wish, true) });
  }
}

async function open(
  here: Here,
  { branch: head, base }: WishOf<"pull-request">,
  how: { readonly draft: boolean; readonly title: string; readonly body: string },
): Promise<number> {
  const { data } = await here.octokit.rest.pulls.create({ ...here.repo, head, base, ...how });
  return data.number;
}
