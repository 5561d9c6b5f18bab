import type { Task } from "../core/task.ts";
import { plain } from "./escape.ts";
import { isLogin } from "./people.ts";

const TYPED =
  /^(?:build|chore|ci|docs|feat|fix|perf|refactor|style|test)(?:\([\w ./-]{1,30}\))?!?: /;

/** What the first word of a title says about the kind of change; anything else is a feature. */
const TYPES: readonly (readonly [RegExp, string])[] = [
  [/^(?:fix|repair|correct|resolve|handle|prevent|avoid|bug)/i, "fix"],
  [/^(?:doc|readme|comment|explain|describe)/i, "docs"],
  [/^(?:test|cover)/i, "test"],
  [/^(?:refactor|rename|move|extract|simplify|clean|remove|inline|split)/i, "refactor"],
  [/^(?:format|lint|style|sort)/i, "style"],
  [/^(?:speed|optimi[sz]e|cache)/i, "perf"],
  [/^(?:bump|upgrade|update dep)/i, "chore"],
];

/** One work item as a commit: what was done, for which request, by whose wish. Its lines are ours; hostile text stays in its line. */
export function commitMessage(task: Task, title: string): string {
  const asked = `Asked for in #${task.issue}: ${plain(task.request, 400)}`;
  return [subject(title), "", ...wrapped(asked), "", ...trailersOf(task), ""].join("\n");
}

/** The subject of a merge, in git's own form. */
export function mergeTitle({ from, into }: { from: string; into: string }): string {
  return plain(`Merge branch '${from}' into ${into}`, 72);
}

/** A merge commit: what was merged into what, how its conflicts were settled, for which request. */
export function mergeMessage(
  task: Task,
  merge: { readonly from: string; readonly into: string; readonly settled: string },
): string {
  const why = task.keepsMergeable
    ? `Keeps #${task.issue} mergeable.`
    : `Asked for in #${task.issue}: ${plain(task.request, 400)}`;
  const asked = `${merge.settled} ${why}`;
  return [mergeTitle(merge), "", ...wrapped(asked), "", ...trailersOf(task), ""].join("\n");
}

function trailersOf({ id, requestedBy }: Task): string[] {
  const trailers = [`Nexus-Task: ${plain(id, 100)}`];
  if (isLogin(requestedBy)) {
    trailers.push(
      `Requested-by: ${requestedBy}`,
      `Co-authored-by: ${requestedBy} <${requestedBy}@users.noreply.github.com>`,
    );
  }
  return trailers;
}

/** A title of at most 72 characters with a conventional type before it. */
function subject(title: string): string {
  const words = plain(title, 200) || "change what was asked for";
  const type = TYPES.find(([pattern]) => pattern.test(words))?.[1] ?? "feat";
  return plain(TYPED.test(words) ? words : `${type}: ${lowerFirst(words)}`, 72);
}

/** `Add` becomes `add`; `API` and `ESLint` stay. */
function lowerFirst(words: string): string {
  return /^[A-Z][a-z]*(?:\s|$)/.test(words)
    ? words.charAt(0).toLowerCase() + words.slice(1)
    : words;
}

function wrapped(text: string): string[] {
  const lines: string[] = [];
  for (const word of text.split(" ")) {
    const last = lines.at(-1);
    if (last !== undefined && last.length + word.length < 72)
      lines[lines.length - 1] = `${last} ${word}`;
    else lines.push(word);
  }
  return lines;
}
