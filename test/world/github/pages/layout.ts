import type { Reply } from "../call.ts";
import { type Html, html } from "./html.ts";
import { pathOf, type Shown } from "./shown.ts";

/** A page's answer: nothing in it may run, and nothing may be loaded from elsewhere. */
function answer(status: number, page: Html): Reply {
  return {
    status,
    body: page.markup,
    headers: {
      "content-type": "text/html; charset=utf-8",
      "content-security-policy":
        "default-src 'none'; style-src 'self'; img-src 'self'; base-uri 'none'; form-action 'none'",
      "referrer-policy": "no-referrer",
      "x-content-type-options": "nosniff",
      "cache-control": "no-store",
    },
  };
}

export interface Page {
  readonly title: string;
  /** What stands in the bar on top. */
  readonly trail: Html;
  readonly body: Html;
  readonly status?: number;
}

/** The frame around every page. */
export function layout({ title, trail, body, status = 200 }: Page): Reply {
  const page = html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${title}</title>
<link rel="stylesheet" href="/style.css">
<link rel="icon" href="/avatars/world" type="image/svg+xml">
</head>
<body>
<header><a href="/">●</a> ${trail}<span class="world">GitHub emulator on this machine</span></header>
<main>${body}</main>
</body>
</html>
`;
  return answer(status, page);
}

/** Owner and name on top of a repository's pages. */
export function trailOf({ repo }: Shown): Html {
  const path = pathOf(repo);
  return html`<span>${repo.owner.login} / <a href="${path}"><strong>${repo.name}</strong></a></span>${
    repo.private ? html`<span class="label">Private</span>` : html``
  }`;
}

/** The tabs of a repository. */
export function tabs({ repo }: Shown, current: "code" | "issues" | "pulls"): Html {
  const path = pathOf(repo);
  const open = [...repo.issues.values()].filter(({ state }) => state === "open");
  const pulls = open.filter(({ pull }) => pull !== undefined).length;
  const tab = (key: string, to: string, label: Html) =>
    current === key
      ? html`<a href="${to}" aria-current="page">${label}</a>`
      : html`<a href="${to}">${label}</a>`;
  return html`<nav>${tab("code", path, html`Code`)}${tab(
    "issues",
    `${path}/issues`,
    html`Issues <span class="count">${open.length - pulls}</span>`,
  )}${tab("pulls", `${path}/pulls`, html`Pull requests <span class="count">${pulls}</span>`)}</nav>`;
}
