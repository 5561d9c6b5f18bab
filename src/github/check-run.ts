import type { Here, ResultOf, WishOf } from "./publishing.ts";
import { body, sameText, title } from "./written-text.ts";

/** One completed check run on a commit: found by its external id, made or brought up to date, read back. */
export async function publishCheckRun(
  here: Here,
  wish: WishOf<"check-run">,
): Promise<ResultOf<"check-run">> {
  const { rest } = here.octokit;
  const output = { title: title(wish.title), summary: body(wish.summary) };
  const { name, conclusion, externalId } = wish;
  const state = { ...here.repo, name, status: "completed", conclusion, output } as const;
  const found = await findCheckRun(here, wish);
  let id = found?.id;
  if (id === undefined) {
    const made = await rest.checks.create({
      ...state,
      head_sha: wish.head,
      external_id: externalId,
    });
    id = made.data.id;
  } else if (
    found?.conclusion !== conclusion ||
    found.output.title !== output.title ||
    !sameText(found.output.summary, output.summary)
  ) {
    await rest.checks.update({ ...state, check_run_id: id });
  }
  const { data } = await rest.checks.get({ ...here.repo, check_run_id: id });
  return { kind: "check-run", id: data.id, url: data.html_url ?? data.url };
}

async function findCheckRun(here: Here, { head, name, externalId }: WishOf<"check-run">) {
  const { paginate, rest } = here.octokit;
  const asked = {
    ...here.repo,
    ref: head,
    check_name: name,
    filter: "all",
    per_page: 100,
  } as const;
  for await (const { data } of paginate.iterator(rest.checks.listForRef, asked)) {
    const mine = data.find((run) => run.external_id === externalId && isOurs(here, run.app));
    if (mine) return mine;
  }
  return undefined;
}

/** Only the App that made a check run may change it. */
function isOurs({ me }: Here, app: { slug?: string } | null): boolean {
  return `${app?.slug}[bot]`.toLowerCase() === me.toLowerCase();
}
