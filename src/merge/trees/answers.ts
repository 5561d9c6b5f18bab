import type { Edit } from "../../core/change-set.ts";
import type { FileMerge, FileReport, HunkReport } from "../../core/merge.ts";
import type { RegularMode } from "./merge-mode.ts";
import type { Answer } from "./settle-text.ts";
import type { ConflictedTree, TreeResult } from "./tree-result.ts";

/** What became of one path. */
export interface Answered {
  readonly path: string;
  readonly answer: Answer;
}

/** What an answer writes into the tree that git made. What is left has our markers, by whose lines reports count. */
export function editsOf({ path, answer }: Answered): readonly Edit[] {
  if (answer.kind === "text") return [writeText(path, answer.mode, answer.merge.text)];
  if (answer.kind !== "regenerate" || answer.file.mayStand) return [];
  const { sides, mode, by } = answer.file;
  return [writeText(path, mode, by.start(sides))];
}

/** A file with this text. */
export function writeText(path: string, mode: RegularMode, text: string): Edit {
  return { kind: "write", path, mode, content: new TextEncoder().encode(text) };
}

/** All answers, in order, and the tree that they made. */
export function resultOf(tree: string, answers: readonly Answered[]): TreeResult {
  const unsettled = answers.flatMap(({ answer }) => {
    if (answer.kind !== "text" || answer.merge.kind === "merged") return [];
    return [{ sides: answer.sides, merge: answer.merge, mode: answer.mode }];
  });
  return outcomeOf({
    tree,
    files: answers.map(reportOf),
    unsettled,
    regenerate: answers.flatMap(({ answer }) => (answer.kind === "regenerate" ? answer.file : [])),
    stuck: answers.flatMap(({ path, answer }) => (answer.kind === "stuck" ? path : [])),
  });
}

/** A merge is done when nothing is left that it needs. */
export function outcomeOf(parts: Omit<ConflictedTree, "kind">): TreeResult {
  const { tree, files, unsettled, regenerate, stuck } = parts;
  const isDone = unsettled.length === 0 && stuck.length === 0 && regenerate.length === 0;
  return isDone ? { kind: "merged", tree, files } : { kind: "conflicted", ...parts };
}

function reportOf({ path, answer }: Answered): FileReport {
  switch (answer.kind) {
    case "text":
      return { path, kind: answer.merge.kind, hunks: hunksOf(answer.merge) };
    case "stuck":
      return { path, kind: "conflicted", hunks: [leftTo("person", answer.why)] };
    case "regenerate":
      return { path, kind: "conflicted", hunks: [leftTo("regenerated", answer.file.why)] };
    case "joined":
      return { path, kind: "merged", hunks: [leftTo("git", answer.why)] };
    default:
      return answer satisfies never;
  }
}

/** Every conflict is a person's until somebody settles it, also where a rule only says why. */
function hunksOf(merge: FileMerge): HunkReport[] {
  const hunks = [...merge.hunks];
  if (merge.kind === "merged") return hunks;
  const told = new Set(hunks.filter(({ stage }) => stage === "person").map(({ line }) => line));
  const untold = merge.conflicts.filter(({ line }) => !told.has(line));
  return [...hunks, ...untold.map(({ line, why }) => ({ ...leftTo("person", why), line }))];
}

function leftTo(stage: HunkReport["stage"], why: string): HunkReport {
  return { stage, line: 1, why, confidence: "proposed" };
}
