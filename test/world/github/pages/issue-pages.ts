import type { Reply } from "../call.ts";
import { log } from "../git.ts";
import { diffFiles } from "../git-diff.ts";
import { span } from "../pulls.ts";
import type { PullIssue } from "../shapes/pull.ts";
import type { Issue } from "../state.ts";
import { checkMark, checksView } from "./checks-view.ts";
import { conversation, issueHead } from "./conversation-view.ts";
import { diffView } from "./diff.ts";
import { type Html, html } from "./html.ts";
import { layout, tabs, trailOf } from "./layout.ts";
import { moment, pathOf, type Shown, standing } from "./shown.ts";

/** An issue with its comments. */
export function issuePage(shown: Shown, issue: Issue): Reply {
  const line = html`<span class="quiet"><strong>${issue.author.login}</strong> opened this issue ${moment(issue.createdAt)}</span>`;
  return layout({
    title: `${issue.title} · Issue #${issue.number} · ${shown.repo.name}`,
    trail: trailOf(shown),
    body: html`${tabs(shown, "issues")}${issueHead(issue, line)}${conversation(shown, issue)}`,
  });
}

/** A pull request: what was said, its commits, its checks and its changes. */
export async function pullPage(shown: Shown, issue: PullIssue): Promise<Reply> {
  const { repo } = shown;
  const { from, to } = await span(repo, issue);
  const [commits, files] = await Promise.all([
    log(repo.folder, ["--reverse", `${from}..${to}`, "--"]),
    diffFiles(repo.folder, from, to),
  ]);
  const { pull } = issue;
  const path = pathOf(repo);
  const line = html`<span class="quiet"><strong>${issue.author.login}</strong> wants to merge ${commits.length} commit${commits.length === 1 ? "" : "s"} into <span class="mono">${pull.base}</span> from <span class="mono">${pull.head}</span></span>`;
  const rows = commits.map(
    (commit) =>
      html`<div class="row">${checkMark(shown, commit.sha)}<a class="what" href="${path}/commit/${commit.sha}">${commit.message.split("\n")[0]}</a><span class="end"><span class="spare">${commit.author.name} · </span><span class="mono">${commit.sha.slice(0, 7)}</span></span></div>`,
  );
  const sum = (key: "additions" | "deletions") =>
    files.reduce((total, file) => total + file[key], 0);
  return layout({
    title: `${issue.title} · Pull request #${issue.number} · ${repo.name}`,
    trail: trailOf(shown),
    body: html`${tabs(shown, "pulls")}${issueHead(issue, line)}
<nav aria-label="Sections"><a href="#conversation">Conversation</a><a href="#commits">Commits <span class="count">${commits.length}</span></a><a href="#checks">Checks ${checkMark(shown, pull.headSha)}</a><a href="#files">Files changed <span class="count">${files.length}</span></a></nav>
<section id="conversation">${conversation(shown, issue)}</section>
<section id="commits"><h2>Commits</h2><div class="box">${rows}</div></section>
<section id="checks"><h2>Checks on <span class="mono">${pull.headSha.slice(0, 7)}</span></h2>${checksView(shown, pull.headSha)}</section>
<section id="files"><h2>Files changed <span class="good">+${sum("additions")}</span> <span class="bad">−${sum("deletions")}</span></h2>${diffView(files)}</section>`,
  });
}

/** One line per issue or pull request. */
export function issueRows(shown: Shown, issues: readonly Issue[]): Html {
  const path = pathOf(shown.repo);
  const rows = issues.map((issue) => {
    const { ink, icon, word } = standing(issue);
    const kind = issue.pull === undefined ? "issues" : "pull";
    const mark = issue.pull === undefined ? html`` : checkMark(shown, issue.pull.headSha);
    return html`<div class="row"><span class="icon ${ink}" title="${word}">${icon}</span><span class="what"><a href="${path}/${kind}/${issue.number}"><strong>${issue.title}</strong></a> <span class="quiet">#${issue.number} by ${issue.author.login}</span></span>${mark}<span class="end spare">${moment(issue.createdAt)}</span></div>`;
  });
  return rows.length === 0
    ? html`<p class="quiet">None.</p>`
    : html`<div class="box">${rows}</div>`;
}

/** All issues or all pull requests, open ones first. */
export function listPage(shown: Shown, kind: "issues" | "pulls"): Reply {
  const wanted = [...shown.repo.issues.values()]
    .filter((issue) => (issue.pull === undefined) === (kind === "issues"))
    .toReversed();
  const open = wanted.filter(({ state }) => state === "open");
  const closed = wanted.filter(({ state }) => state === "closed");
  const title = kind === "issues" ? "Issues" : "Pull requests";
  return layout({
    title: `${title} · ${shown.repo.name}`,
    trail: trailOf(shown),
    body: html`${tabs(shown, kind)}<section><h2>Open</h2>${issueRows(shown, open)}</section><section><h2>Closed</h2>${issueRows(shown, closed)}</section>`,
  });
}
