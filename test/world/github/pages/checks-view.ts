import type { CheckRun } from "../state.ts";
import { type Html, html } from "./html.ts";
import { checkIcon, moment, pathOf, prose, type Shown } from "./shown.ts";

/** The newest run of each name on a commit. */
function latest(shown: Shown, sha: string): CheckRun[] {
  const runs = shown.repo.checkRuns.filter((run) => run.headSha === sha).toReversed();
  return runs.filter((run, at) => runs.findIndex((one) => one.name === run.name) === at);
}

/** One sign for all checks of a commit; nothing where there are none. */
export function checkMark(shown: Shown, sha: string): Html {
  const runs = latest(shown, sha);
  if (runs.length === 0) return html``;
  const worst =
    runs.find(({ conclusion }) => conclusion === "failure") ??
    runs.find(({ status }) => status !== "completed") ??
    runs[0];
  return checkIcon(worst?.status ?? "", worst?.conclusion ?? null);
}

/** What a check run said. */
export function checkOutput(shown: Shown, run: CheckRun): Html {
  const { summary, text } = run.output;
  const more = text ? prose(shown, text) : html``;
  return html`${prose(shown, summary)}${more}`;
}

function statusRows(shown: Shown, sha: string): Html[] {
  const all = shown.repo.statuses.filter((status) => status.sha === sha).toReversed();
  const newest = all.filter((one, at) => all.findIndex((s) => s.context === one.context) === at);
  return newest.map((status) => {
    const pending = status.state === "pending";
    const conclusion = status.state === "error" ? "failure" : status.state;
    const icon = checkIcon(pending ? "pending" : "completed", pending ? null : conclusion);
    return html`<div class="row">${icon}<strong>${status.context}</strong> <span class="quiet">${status.description ?? ""}</span></div>`;
  });
}

/** Every check and status of a commit; failed ones are unfolded. */
export function checksView(shown: Shown, sha: string): Html {
  const runs = latest(shown, sha).map((run) => {
    const open = run.conclusion === "failure" ? html` open` : html``;
    const title = run.output.title ?? run.conclusion ?? run.status;
    const page = `${pathOf(shown.repo)}/runs/${run.id}`;
    return html`<details${open}><summary>${checkIcon(run.status, run.conclusion)} <strong>${run.name}</strong> <span class="quiet">${title}</span></summary>${checkOutput(shown, run)}<div class="row quiet"><a href="${page}">The whole check run</a><span class="end">${moment(run.completedAt)}</span></div></details>`;
  });
  const all = [...runs, ...statusRows(shown, sha)];
  if (all.length === 0) return html`<p class="quiet">No checks ran on this commit.</p>`;
  return html`<div class="box">${all}</div>`;
}
