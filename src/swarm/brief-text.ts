import { clip } from "../core/clip.ts";
import { framed } from "../core/data-frame.ts";
import { render } from "../core/render.ts";
import { visible } from "../core/untrusted.ts";
import type { Brief } from "./brief.ts";
import { folderLines } from "./folders.ts";
import type { Prompts } from "./prompts.ts";

const LIMITS = {
  request: 8_000,
  title: 500,
  body: 16_000,
  /** Up to here every path is shown, beyond it folders. */
  paths: 12_000,
  folders: 300,
  found: 24_000,
  line: 160,
  reasons: 400,
  file: 8_000,
  files: 48_000,
  checks: 20,
  checkOutput: 4_000,
  plan: 48_000,
  reply: 16_000,
};

/** The first thing that the architect is told. Hostile text stands in frames, within bounds. */
export function renderBrief(prompts: Prompts, brief: Brief): string {
  return render(prompts["architect-brief"], {
    request: framed("request", brief.request, LIMITS.request),
    title: framed("issue title", brief.issue.title, LIMITS.title),
    body: framed("issue body", brief.issue.body, LIMITS.body),
    revision: revisionOf(prompts, brief.revision),
    paths: listing(brief.paths),
    found: findings(brief.found ?? []),
    files: contents(brief.files),
    rules: contents(brief.rules ?? []),
    checks: outcomes(brief.checks),
  });
}

function revisionOf(prompts: Prompts, revision: Brief["revision"]): string {
  if (!revision) return "";
  return render(prompts["architect-revision"], {
    plan: framed("earlier plan", JSON.stringify(revision.plan, null, 1), LIMITS.plan),
    reply: framed("reply", revision.reply, LIMITS.reply),
  });
}

function listing(paths: readonly string[]): string {
  const isShort = paths.reduce((length, path) => length + path.length + 1, 0) <= LIMITS.paths;
  const lines = isShort ? paths : folderLines(paths, LIMITS.folders);
  const about = isShort ? "" : `\nThese are ${paths.length} files, shown by folder. List a folder.`;
  return framed("paths", lines.map(oneLine).join("\n"), 2 * LIMITS.paths) + about;
}

/** Whatever a path or a line holds, it stays one line. */
function oneLine(text: string): string {
  return visible(text).replaceAll("\n", " ");
}

function findings(found: NonNullable<Brief["found"]>): string {
  let length = 0;
  // The best come first, so it is the last that go.
  const shown = found.map(findingOf).filter((text) => {
    length += text.length + 1;
    return length <= LIMITS.found;
  });
  return shown.length === 0 ? "None." : framed("found", shown.join("\n"), LIMITS.found + 500);
}

function findingOf({ path, reasons, lines }: NonNullable<Brief["found"]>[number]): string {
  const hits = lines.map(
    ({ line, text }) => `  ${line}: ${oneLine(text).trim().slice(0, LIMITS.line).toWellFormed()}`,
  );
  return [`${oneLine(path)} (${oneLine(clip(reasons.join("; "), LIMITS.reasons))})`, ...hits].join(
    "\n",
  );
}

function contents(files: Brief["files"]): string {
  let length = 0;
  const shown = files.filter(({ content }) => {
    length += Math.min(content.length, LIMITS.file);
    return length <= LIMITS.files;
  });
  const missing = files.length - shown.length;
  const frames = shown.map(({ path, content }) => framed(`file ${path}`, content, LIMITS.file));
  if (missing > 0) frames.push(`${missing} more files are left out.`);
  return frames.join("\n\n") || "None.";
}

function outcomes(checks: Brief["checks"]): string {
  const frames = checks.slice(0, LIMITS.checks).map((check) => {
    const ending = check.passed ? "passes" : `fails (${check.ending}, exit code ${check.exitCode})`;
    const output = check.passed ? "" : clip(check.output, LIMITS.checkOutput);
    return framed(
      `check ${check.name}`,
      `${clip(check.command, 500)}\n${ending}\n${output}`,
      LIMITS.checkOutput + 1000,
    );
  });
  const missing = checks.length - frames.length;
  if (missing > 0) frames.push(`${missing} more checks are left out.`);
  return frames.join("\n\n") || "None.";
}
