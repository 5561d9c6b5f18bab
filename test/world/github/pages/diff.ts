import type { FileDiff } from "../git-diff.ts";
import { type Html, html } from "./html.ts";

const KINDS: Record<string, string> = { "+": "plus", "-": "minus" };
/** A longer diff is folded away at first. */
const MANY_LINES = 400;

function rows(patch: string): Html[] {
  let before = 0;
  let after = 0;
  return patch.split("\n").map((line) => {
    const [, left, right] = /^@@ -(\d+)(?:,\d+)? \+(\d+)/.exec(line) ?? [];
    if (left !== undefined && right !== undefined) {
      before = Number(left);
      after = Number(right);
      return html`<tr class="hunk"><td class="at"></td><td class="at"></td><td>${line}</td></tr>`;
    }
    const kind = KINDS[line.charAt(0)] ?? "same";
    const old = kind === "plus" || line.startsWith("\\") ? "" : before++;
    const young = kind === "minus" || line.startsWith("\\") ? "" : after++;
    return html`<tr class="${kind}"><td class="at">${old}</td><td class="at">${young}</td><td>${line}</td></tr>`;
  });
}

function body({ patch, status, previousPath }: FileDiff): Html {
  if (patch !== undefined) return html`<table class="diff">${rows(patch)}</table>`;
  const moved = status === "renamed" ? `Renamed from ${previousPath} without a change.` : "";
  return html`<div class="text quiet">${moved || "Binary file, or nothing to show."}</div>`;
}

/** The changes of each file, coloured, one fold per file. */
export function diffView(files: readonly FileDiff[]): Html {
  if (files.length === 0) return html`<p class="quiet">Nothing changed.</p>`;
  const boxes = files.map((file) => {
    const name = file.previousPath ? `${file.previousPath} → ${file.path}` : file.path;
    const open = (file.patch?.split("\n").length ?? 0) <= MANY_LINES ? html` open` : html``;
    return html`<div class="box"><details class="file"${open}><summary><span class="mono">${name}</span> <span class="quiet">${file.status}</span><span class="end"><span class="good">+${file.additions}</span> <span class="bad">−${file.deletions}</span></span></summary>${body(file)}</details></div>`;
  });
  return html`${boxes}`;
}
