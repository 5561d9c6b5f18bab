import type { Reply } from "../call.ts";
import {
  blob,
  type Commit,
  commitOf,
  entryAt,
  listTree,
  readCommit,
  type TreeEntry,
} from "../git.ts";
import { diffFiles } from "../git-diff.ts";
import { checksView } from "./checks-view.ts";
import { diffView } from "./diff.ts";
import { type Html, html } from "./html.ts";
import { issueRows } from "./issue-pages.ts";
import { layout, tabs, trailOf } from "./layout.ts";
import { moment, pathOf, prose, type Shown } from "./shown.ts";

const EMPTY_TREE = "4b825dc642cb6eb9a060e54bf8d69288fbee4904";
const LARGEST_SHOWN = 500_000;

interface Place {
  readonly ref: string;
  readonly commit: string;
  readonly path: string;
}

const linked = (path: string) => path.split("/").map(encodeURIComponent).join("/");

/** Branch names may hold slashes: the longest start of the path that names a commit is the ref. */
export async function placeOf(shown: Shown, parts: readonly string[]): Promise<Place | undefined> {
  for (let taken = parts.length; taken > 0; taken -= 1) {
    const ref = parts.slice(0, taken).join("/");
    const commit = await commitOf(shown.repo.folder, ref);
    if (commit !== undefined) return { ref, commit, path: parts.slice(taken).join("/") };
  }
  return undefined;
}

function entryRow(shown: Shown, at: Place, entry: TreeEntry): Html {
  const tree = entry.type === "tree";
  const path = at.path === "" ? entry.path : `${at.path}/${entry.path}`;
  const to = `${pathOf(shown.repo)}/${tree ? "tree" : "blob"}/${linked(at.ref)}/${linked(path)}`;
  return html`<div class="row"><span class="icon">${tree ? "▸" : ""}</span><a href="${to}">${entry.path}</a></div>`;
}

function commitLine(shown: Shown, commit: Commit): Html {
  const to = `${pathOf(shown.repo)}/commit/${commit.sha}`;
  return html`<div class="head"><strong>${commit.author.name}</strong> <a href="${to}">${commit.message.split("\n")[0]}</a> <span class="quiet mono">${commit.sha.slice(0, 7)}</span> <span class="quiet">${moment(commit.committer.date)}</span></div>`;
}

async function folderBox(shown: Shown, at: Place): Promise<Html> {
  const entries = await listTree(shown.repo.folder, `${at.commit}:${at.path}`);
  const sorted = entries.toSorted((a, b) => Number(b.type === "tree") - Number(a.type === "tree"));
  const commit = await readCommit(shown.repo.folder, at.commit);
  return html`<div class="box">${commitLine(shown, commit)}${sorted.map((entry) => entryRow(shown, at, entry))}</div>`;
}

async function readme(shown: Shown, at: Place): Promise<Html> {
  const entry = await entryAt(shown.repo.folder, { commit: at.commit, path: "README.md" });
  if (entry === undefined) return html``;
  const text = (await blob(shown.repo.folder, entry.sha)).toString();
  return html`<div class="box"><div class="head">README.md</div>${prose(shown, text)}</div>`;
}

/** Files, README, and what is open. */
export async function repositoryPage(shown: Shown): Promise<Reply> {
  const { repo } = shown;
  const ref = repo.defaultBranch;
  const commit = await commitOf(repo.folder, `refs/heads/${ref}`);
  const at = { ref, commit: commit ?? "", path: "" };
  const open = [...repo.issues.values()].filter(({ state }) => state === "open").toReversed();
  const code =
    commit === undefined
      ? html`<p class="quiet">This repository is empty.</p>`
      : html`${await folderBox(shown, at)}${await readme(shown, at)}`;
  return layout({
    title: `${repo.owner.login}/${repo.name}`,
    trail: trailOf(shown),
    body: html`${tabs(shown, "code")}<p><span class="mono label">${ref}</span> <span class="quiet">clone with</span> <span class="mono">git clone ${shown.state.url}${pathOf(repo)}.git</span></p>${code}<section><h2>Open</h2>${issueRows(shown, open)}</section>`,
  });
}

async function fileBox(shown: Shown, entry: TreeEntry, raw: string): Promise<Html> {
  const bytes = await blob(shown.repo.folder, entry.sha);
  const head = html`<div class="head"><span class="mono">${entry.path}</span> <span class="quiet">${bytes.length} bytes</span> <a href="${raw}">Raw</a></div>`;
  if (bytes.includes(0) || bytes.length > LARGEST_SHOWN) {
    return html`<div class="box">${head}<div class="text quiet">Binary or too long to show.</div></div>`;
  }
  const lines = bytes.toString().replace(/\n$/, "").split("\n");
  const rows = lines.map(
    (line, at) => html`<tr id="L${at + 1}"><td class="at">${at + 1}</td><td>${line}</td></tr>`,
  );
  return html`<div class="box">${head}<table class="diff">${rows}</table></div>`;
}

/** One folder or one file at a commit. */
export async function placePage(shown: Shown, at: Place): Promise<Reply | undefined> {
  const entry =
    at.path === ""
      ? undefined
      : await entryAt(shown.repo.folder, { commit: at.commit, path: at.path });
  if (entry === undefined && at.path !== "") return undefined;
  const raw = `${pathOf(shown.repo)}/raw/${linked(at.ref)}/${linked(at.path)}`;
  const body =
    entry === undefined || entry.type === "tree"
      ? await folderBox(shown, at)
      : await fileBox(shown, entry, raw);
  return layout({
    title: `${at.path} at ${at.ref} · ${shown.repo.name}`,
    trail: trailOf(shown),
    body: html`${tabs(shown, "code")}<p><span class="mono label">${at.ref}</span> ${at.path}</p>${body}`,
  });
}

/** The bytes of one file, which no browser may take for a page. */
export async function rawFile(shown: Shown, at: Place): Promise<Reply | undefined> {
  const entry = await entryAt(shown.repo.folder, { commit: at.commit, path: at.path });
  if (entry?.type !== "blob") return undefined;
  const headers = {
    "content-type": "text/plain; charset=utf-8",
    "x-content-type-options": "nosniff",
    "content-security-policy": "default-src 'none'; sandbox",
  };
  return { status: 200, body: await blob(shown.repo.folder, entry.sha), headers };
}

/** One commit: its message, checks and changes. */
export async function commitPage(shown: Shown, sha: string): Promise<Reply> {
  const commit = await readCommit(shown.repo.folder, sha);
  const [title = "", ...rest] = commit.message.split("\n");
  const files = await diffFiles(shown.repo.folder, commit.parents[0] ?? EMPTY_TREE, sha);
  const more = rest.join("\n").trim();
  return layout({
    title: `${title} · ${sha.slice(0, 7)} · ${shown.repo.name}`,
    trail: trailOf(shown),
    body: html`${tabs(shown, "code")}<h1>${title}</h1><p class="quiet"><strong>${commit.author.name}</strong> committed ${moment(commit.committer.date)} as <span class="mono">${sha}</span></p>${more === "" ? html`` : html`<div class="box text"><pre>${more}</pre></div>`}<section><h2>Checks</h2>${checksView(shown, sha)}</section><section><h2>Changes</h2>${diffView(files)}</section>`,
  });
}
