import { association } from "../shapes/issue.ts";
import type { Account, Issue, Reaction } from "../state.ts";
import { type Html, html } from "./html.ts";
import { moment, person, prose, reactionBar, type Shown, standing } from "./shown.ts";

interface Said {
  readonly id: string;
  readonly author: Account;
  readonly body: string | null;
  readonly createdAt: string;
  readonly updatedAt: string;
  readonly reactions: readonly Reaction[];
}

function said(shown: Shown, what: Said): Html {
  const role = association(shown.repo, what.author);
  const badge = role === "NONE" ? html`` : html` <span class="label">${role.toLowerCase()}</span>`;
  const edited =
    what.updatedAt === what.createdAt ? html`` : html` · edited ${moment(what.updatedAt)}`;
  return html`<article class="box" id="${what.id}"><div class="head">${person(what.author)} <span class="quiet">${moment(what.createdAt)}${edited}</span>${badge}</div>${prose(shown, what.body)}${reactionBar(what.reactions)}</article>`;
}

/** The description and the comments, oldest first. */
export function conversation(shown: Shown, issue: Issue): Html {
  const comments = [...shown.repo.comments.values()].filter(
    (comment) => comment.issue === issue.number,
  );
  const first = { ...issue, id: "description", updatedAt: issue.createdAt };
  return html`${said(shown, first)}${comments.map((comment) =>
    said(shown, { ...comment, id: `issuecomment-${comment.id}` }),
  )}`;
}

/** Title, number, state and labels. */
export function issueHead(issue: Issue, line: Html): Html {
  const { word, style } = standing(issue);
  const labels = issue.labels.map((label) => html` <span class="label">${label}</span>`);
  return html`<h1>${issue.title} <span class="number">#${issue.number}</span></h1><p><span class="pill ${style}">${word}</span> ${line}${labels}</p>`;
}
