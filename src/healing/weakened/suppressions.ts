import type { Weakening } from "../../core/weakening.ts";
import { type ChangedCode, findingAt } from "./changed-text.ts";
import { lineAt, type Masked, textOfLine } from "./masked.ts";
import { familyOf, isTestFile } from "./test-files.ts";

const IN_COMMENTS =
  /eslint-disable(?!-?\w*\s*-->)|@ts-(?:ignore|nocheck|expect-error)|(?:biome|deno-lint|stylelint)-(?:ignore|disable)|oxlint-disable|tslint:disable|#\s*noqa|#\s*type:\s*ignore|pylint:\s*disable|pyright:\s*ignore|ruff:\s*noqa|mypy:\s*ignore-errors|\/\/\s*nolint|rubocop:disable|phpstan-ignore|noinspection|(?:istanbul|c8|v8) ignore|pragma:\s*no cover|NOSONAR/g;
const IN_CODE = /#!?\[\s*allow\s*\(|@SuppressWarnings\b|#pragma warning disable/g;

/** A test of types says with this comment that the compiler must complain. */
const TYPE_TEST = /@ts-expect-error/;
const MADE = /@generated|DO NOT EDIT|auto-?generated/i;

/** Comments and attributes, more of them than before, that let a linter, a type checker or a coverage report look away. */
export function suppressions(files: readonly ChangedCode[]): Weakening[] {
  const before = files.flatMap(({ base }) => (base ? linesIn(base) : []));
  const rest = before.map(({ text }) => text);
  const fresh: Line[] = [];
  for (const line of files.flatMap(({ head }) => (head ? linesIn(head) : []))) {
    const at = rest.indexOf(line.text);
    if (at >= 0) rest.splice(at, 1);
    else fresh.push(line);
  }
  return files.flatMap(({ path, head, base }) => {
    if (!head) return [];
    const own = fresh.filter((line) => line.path === path);
    // A line whose code was changed beside the same comment is no new comment.
    const more = linesIn(head).length - (base ? linesIn(base).length : 0);
    const few = more > 0 ? own.slice(-more) : [];
    return few.map(({ line }) =>
      findingAt("switched-off-rule", { path, text: head.text, side: "head", line }),
    );
  });
}

interface Line {
  readonly path: string;
  readonly line: number;
  readonly text: string;
}

function linesIn({ path, text, code, comments }: Masked): Line[] {
  if (familyOf(path) === undefined || MADE.test(comments.slice(0, 600))) return [];
  const found = [...comments.matchAll(IN_COMMENTS), ...code.matchAll(IN_CODE)];
  const lines = new Set(
    found
      .filter(([mark]) => !(TYPE_TEST.test(mark) && isTestFile(path)))
      .map(({ index }) => lineAt(text, index)),
  );
  return [...lines]
    .toSorted((a, b) => a - b)
    .map((line) => ({ path, line, text: textOfLine(text, line) }));
}
