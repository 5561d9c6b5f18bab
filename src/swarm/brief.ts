import type { CheckResult } from "../core/evidence.ts";
import { visible } from "../core/untrusted.ts";
import { clip } from "./clip.ts";
import { framed } from "./data-frame.ts";
import type { Prompts } from "./prompts.ts";
import { render } from "./render.ts";

/** What the architect is told of a task. All of its text is hostile, and shown within bounds. */
export interface Brief {
  readonly request: string;
  readonly issue: { readonly title: string; readonly body: string };
  /** Paths of all files of the repository. */
  readonly paths: readonly string[];
  /** Files that explain the repository: README, manifests. */
  readonly files: readonly { readonly path: string; readonly text: string }[];
  /** The repository's checks as they came out on the base commit. */
  readonly checks: readonly CheckResult[];
}

const LIMITS = {
  request: 8_000,
  title: 500,
  body: 16_000,
  paths: 40_000,
  file: 8_000,
  files: 48_000,
  checks: 20,
  checkOutput: 4_000,
};

/** The architect's first message about a task. */
export function renderBrief(prompts: Prompts, brief: Brief): string {
  return render(prompts["architect-brief"], {
    request: framed("request", brief.request, LIMITS.request),
    title: framed("issue title", brief.issue.title, LIMITS.title),
    body: framed("issue body", brief.issue.body, LIMITS.body),
    paths: listing(brief.paths),
    files: contents(brief.files),
    checks: outcomes(brief.checks),
  });
}

function listing(paths: readonly string[]): string {
  let length = 0;
  const shown = paths.filter((path) => {
    length += path.length + 1;
    return length <= LIMITS.paths;
  });
  // One path a line, whatever a path holds.
  const lines = shown.map((path) => visible(path).replaceAll("\n", " ")).join("\n");
  const missing = paths.length - shown.length;
  const rest = missing > 0 ? `\n${missing} more paths are left out.` : "";
  return framed("paths", lines, LIMITS.paths) + rest;
}

function contents(files: Brief["files"]): string {
  let length = 0;
  const shown = files.filter(({ text }) => {
    length += Math.min(text.length, LIMITS.file);
    return length <= LIMITS.files;
  });
  const missing = files.length - shown.length;
  const frames = shown.map(({ path, text }) => framed(`file ${path}`, text, LIMITS.file));
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
