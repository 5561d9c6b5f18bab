import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import type { Reply } from "../call.ts";
import { commitOf } from "../git.ts";
import { diffText } from "../git-diff.ts";
import { span } from "../pulls.ts";
import { isPull } from "../shapes/pull.ts";
import { type CheckRun, repositoryKey, type State } from "../state.ts";
import { checkOutput } from "./checks-view.ts";
import { commitPage, placeOf, placePage, rawFile, repositoryPage } from "./code-pages.ts";
import { escaped, html } from "./html.ts";
import { issuePage, listPage, pullPage } from "./issue-pages.ts";
import { layout, tabs, trailOf } from "./layout.ts";
import { checkIcon, moment, pathOf, type Shown } from "./shown.ts";

const STYLE = readFileSync(new URL("style.css", import.meta.url), "utf8");

/** A letter on a colour of its own: no picture leaves or enters this machine. */
function avatar(login: string): Reply {
  const hue = createHash("sha1").update(login).digest().readUInt16BE() % 360;
  const letter = escaped(login.charAt(0).toUpperCase());
  const body = `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 32 32"><rect width="32" height="32" rx="16" fill="hsl(${hue} 55% 45%)"/><text x="16" y="22" font-family="system-ui,sans-serif" font-size="17" font-weight="600" fill="#fff" text-anchor="middle">${letter}</text></svg>`;
  return { status: 200, body, headers: { "content-type": "image/svg+xml" } };
}

function home(state: State): Reply {
  const rows = [...state.repositories.values()].map(
    (repo) =>
      html`<div class="row"><a href="${pathOf(repo)}"><strong>${repo.owner.login}/${repo.name}</strong></a><span class="end">${repo.private ? "private" : "public"}</span></div>`,
  );
  const list =
    rows.length === 0 ? html`<p class="quiet">None yet.</p>` : html`<div class="box">${rows}</div>`;
  return layout({
    title: "Repositories",
    trail: html`<strong>Repositories</strong>`,
    body: html`<h1>Repositories</h1>${list}`,
  });
}

function checkPage(shown: Shown, run: CheckRun): Reply {
  const { repo } = shown;
  return layout({
    title: `${run.name} · ${repo.name}`,
    trail: trailOf(shown),
    body: html`${tabs(shown, "code")}<h1>${checkIcon(run.status, run.conclusion)} ${run.name}</h1><p class="quiet">${run.output.title ?? ""} · on <a class="mono" href="${pathOf(repo)}/commit/${run.headSha}">${run.headSha.slice(0, 7)}</a> · ${moment(run.completedAt)}</p><div class="box">${checkOutput(shown, run)}</div>`,
  });
}

const NOT_FOUND = () =>
  layout({
    title: "Not found",
    trail: html`<strong>Not found</strong>`,
    body: html`<h1>Not found</h1><p>There is nothing here. <a href="/">All repositories</a></p>`,
    status: 404,
  });

async function numbered(shown: Shown, kind: string, name: string): Promise<Reply | undefined> {
  const issue = shown.repo.issues.get(Number.parseInt(name, 10));
  if (issue === undefined) return undefined;
  if (!isPull(issue)) return issuePage(shown, issue);
  if (kind === "pull" && /\.(diff|patch)$/.test(name)) {
    const { from, to } = await span(shown.repo, issue);
    return { status: 200, body: await diffText(shown.repo.folder, from, to) };
  }
  return pullPage(shown, issue);
}

async function repositoryRoute(
  shown: Shown,
  [kind = "", ...rest]: readonly string[],
): Promise<Reply | undefined> {
  const [name = ""] = rest;
  if (kind === "") return repositoryPage(shown);
  if ((kind === "issues" || kind === "pulls") && name === "") return listPage(shown, kind);
  if (kind === "issues" || kind === "pull") return numbered(shown, kind, name);
  if (kind === "commit") {
    const sha = await commitOf(shown.repo.folder, name);
    return sha === undefined ? undefined : commitPage(shown, sha);
  }
  if (kind === "runs") {
    const run = shown.repo.checkRuns.find(({ id }) => id === Number(name));
    return run === undefined ? undefined : checkPage(shown, run);
  }
  if (!["tree", "blob", "raw"].includes(kind)) return undefined;
  const at = await placeOf(shown, rest);
  if (at === undefined) return undefined;
  return kind === "raw" ? rawFile(shown, at) : placePage(shown, at);
}

function logOf(
  state: State,
  [owner = "", name = "", ...rest]: readonly string[],
): Reply | undefined {
  const log = state.repositories.get(repositoryKey(owner, name))?.logs.get(rest.join("/"));
  return log === undefined ? undefined : { status: 200, body: log };
}

async function route(state: State, parts: readonly string[]): Promise<Reply | undefined> {
  const [first = "", second = "", ...rest] = parts;
  if (first === "") return home(state);
  if (first === "style.css") {
    return { status: 200, body: STYLE, headers: { "content-type": "text/css; charset=utf-8" } };
  }
  if (first === "avatars") return avatar(second);
  if (first === "logs") return logOf(state, parts.slice(1));
  const repo = state.repositories.get(repositoryKey(first, second));
  return repo === undefined ? undefined : repositoryRoute({ state, repo }, rest);
}

/** Everything that is neither API nor git: what people look at, and the logs of Actions. */
export function createPages(state: State): (url: URL) => Promise<Reply> {
  return async (url) => {
    let parts: string[];
    try {
      parts = url.pathname.split("/").slice(1).map(decodeURIComponent);
    } catch {
      return NOT_FOUND();
    }
    return (await route(state, parts)) ?? NOT_FOUND();
  };
}
