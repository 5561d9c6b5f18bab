import type { Account, Issue, Reaction, Repository, State } from "../state.ts";
import { type Html, html } from "./html.ts";
import { markdown } from "./markdown.ts";

/** What a page is about. */
export interface Shown {
  readonly state: State;
  readonly repo: Repository;
}

/** Pages link to each other without naming the machine. */
export function pathOf({ owner, name }: Repository): string {
  return `/${owner.login}/${name}`;
}

/** Text of people and bots, rendered. */
export function prose({ repo }: Shown, text: string | null | undefined): Html {
  if (!text?.trim()) return html`<div class="text quiet">No description.</div>`;
  return html`<div class="text">${markdown(text, { page: pathOf(repo), root: "" })}</div>`;
}

/** A moment, as exactly as it is known. */
export function moment(iso: string | null | undefined): Html {
  if (!iso) return html``;
  return html`<time datetime="${iso}" title="${iso}">${iso.slice(0, 16).replace("T", " ")}</time>`;
}

/** Somebody's picture and name. */
export function person(account: Account): Html {
  const bot = account.type === "Bot" ? html` <span class="bot">bot</span>` : html``;
  return html`<img class="face" src="/avatars/${encodeURIComponent(account.login)}" alt=""> <strong>${account.login}</strong>${bot}`;
}

const FACES: Record<string, string> = {
  "+1": "👍",
  "-1": "👎",
  laugh: "😄",
  hooray: "🎉",
  confused: "😕",
  heart: "❤️",
  rocket: "🚀",
  eyes: "👀",
};

/** Each kind of reaction with how many there are. */
export function reactionBar(reactions: readonly Reaction[]): Html {
  const kinds = [...new Set(reactions.map(({ content }) => content))];
  if (kinds.length === 0) return html``;
  const pills = kinds.map((kind) => {
    const who = reactions.filter(({ content }) => content === kind);
    const names = who.map(({ user }) => user.login).join(", ");
    return html`<span title="${names}">${FACES[kind] ?? kind} ${who.length}</span>`;
  });
  return html`<div class="reactions">${pills}</div>`;
}

interface Standing {
  readonly word: string;
  readonly style: string;
  readonly ink: string;
  readonly icon: string;
}

/** How an issue or pull request stands, in word and colour. */
export function standing({ pull, state }: Issue): Standing {
  if (pull?.mergedAt) return { word: "Merged", style: "merged", ink: "merged-ink", icon: "⥃" };
  if (state === "closed") {
    if (pull) return { word: "Closed", style: "closed", ink: "bad", icon: "⊘" };
    return { word: "Closed", style: "done", ink: "merged-ink", icon: "✓" };
  }
  if (pull?.draft) return { word: "Draft", style: "draft", ink: "quiet", icon: "◌" };
  return { word: "Open", style: "open", ink: "good", icon: pull ? "⇄" : "⊙" };
}

const CONCLUSIONS: Record<string, readonly [string, string]> = {
  success: ["good", "✓"],
  failure: ["bad", "✗"],
  timed_out: ["bad", "✗"],
  action_required: ["bad", "!"],
  cancelled: ["quiet", "⊘"],
  neutral: ["quiet", "■"],
  skipped: ["quiet", "⊘"],
};

/** The sign of a check run or status. */
export function checkIcon(status: string, conclusion: string | null): Html {
  const fallback = ["busy", "●"] as const;
  const known = CONCLUSIONS[conclusion ?? ""] ?? fallback;
  const [ink, icon] = status === "completed" ? known : fallback;
  return html`<span class="icon ${ink}" title="${conclusion ?? status}">${icon}</span>`;
}
