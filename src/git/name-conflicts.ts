import type { ConflictKind, Stage, TreeConflict } from "../core/git.ts";
import type { MergeAnswer } from "./merge-answer.ts";
import { pathProblem } from "./safe-path.ts";

const LINK = "120000";
const SUBMODULE = "160000";

/** New names of files that a side renamed. */
export interface RenamedTo {
  readonly ours: ReadonlySet<string>;
  readonly theirs: ReadonlySet<string>;
}

/** git's answer as one conflict for each disagreement, with its kind and every side of it. Sorted by path. */
export function nameConflicts(answer: MergeAnswer, renamed: RenamedTo): readonly TreeConflict[] {
  return groupsOf(answer)
    .map((group) => {
      const paths = [...group].sort();
      const types = answer.remarks
        .filter(({ paths: named }) => named.some((path) => group.has(path)))
        .filter(isConflict);
      const stages = sidesOf(answer, group);
      const isRefused = paths.some((path) => answer.illegible.has(path) || pathProblem(path));
      const kind = isRefused ? "name" : kindOf({ types, stages, renamed });
      return { kind, path: knownAs(kind, types) ?? paths[0] ?? "", paths, ...stages };
    })
    .sort((a, b) => (a.path < b.path ? -1 : 1));
}

type Remarks = MergeAnswer["remarks"];
type Stages = Pick<TreeConflict, "base" | "ours" | "theirs">;

/** Paths that are in conflict, those together that git names in one breath. */
function groupsOf({ unmerged, remarks }: MergeAnswer): readonly ReadonlySet<string>[] {
  const groups = new Map<string, Set<string>>();
  const join = (paths: readonly string[]) => {
    const known = paths.map((path) => groups.get(path) ?? [path]);
    const group = new Set(known.flatMap((members) => [...members]));
    for (const path of group) groups.set(path, group);
  };
  for (const { paths } of remarks.filter(isConflict)) join(paths);
  for (const { path } of unmerged) join([path]);
  return [...new Set(groups.values())];
}

function isConflict({ type }: Remarks[number]): boolean {
  return type.startsWith("CONFLICT");
}

function sidesOf({ unmerged }: MergeAnswer, group: ReadonlySet<string>): Stages {
  const side = (stage: number): Stage[] =>
    unmerged
      .filter((entry) => entry.stage === stage && group.has(entry.path))
      .map(({ path, mode, id }) => ({ path, mode, id }));
  return { base: side(1), ours: side(2), theirs: side(3) };
}

interface Judged {
  readonly types: Remarks;
  readonly stages: Stages;
  readonly renamed: RenamedTo;
}

/** git's words that say what it is, the most telling first. */
const TELLING: readonly (readonly [RegExp, ConflictKind])[] = [
  [/file\/directory/, "directory/file"],
  [/distinct modes/, "distinct-types"],
  [/directory rename/, "directory-rename"],
  [/rename\/rename/, "rename/rename-1to2"],
  [/rename\/delete/, "rename/delete"],
];

function kindOf(judged: Judged): ConflictKind {
  const { types, stages, renamed } = judged;
  const told = TELLING.find(([words]) => types.some(({ type }) => words.test(type)));
  if (told) return told[1];
  const collision = collisionOf(stages, renamed);
  if (collision) return collision;
  const modes = [...stages.base, ...stages.ours, ...stages.theirs].map(({ mode }) => mode);
  if (modes.includes(SUBMODULE)) return "submodule";
  if (types.some(({ type }) => type.includes("modify/delete"))) return "modify/delete";
  return contentKind(judged, modes);
}

/** git calls both of these add/add, or has a remark on what it did before it saw that. */
function collisionOf({ base, ours, theirs }: Stages, renamed: RenamedTo): ConflictKind | undefined {
  if (base.length > 0 || ours.length === 0 || theirs.length === 0) return undefined;
  const byOurs = ours.some(({ path }) => renamed.ours.has(path));
  const byTheirs = theirs.some(({ path }) => renamed.theirs.has(path));
  if (byOurs && byTheirs) return "rename/rename-2to1";
  return byOurs || byTheirs ? "rename/add" : undefined;
}

function contentKind({ types, stages }: Judged, modes: readonly string[]): ConflictKind {
  const [ours, theirs] = [stages.ours[0], stages.theirs[0]];
  // A rename that git could not tell from its remark.
  if (types.some(({ type }) => type.includes("collision"))) return "rename/add";
  if (!ours || !theirs || !types.some(({ type }) => type.includes("contents"))) return "other";
  if (modes.every((mode) => mode === LINK)) return "symlink";
  if (ours.id === theirs.id) return "mode";
  if (types.some(({ type }) => type.includes("binary"))) return "binary";
  return stages.base.length > 0 ? "content" : "add/add";
}

/** Where git had to give a file another name, the one that it was to have. */
function knownAs(kind: ConflictKind, types: Remarks): string | undefined {
  const named = (words: string) => types.find(({ type }) => type.includes(words))?.paths;
  if (kind === "directory/file") return named("file/directory")?.[1];
  if (kind === "distinct-types") return named("distinct modes")?.[0];
  if (kind === "rename/delete") return named("rename/delete")?.[0];
  if (kind === "directory-rename") return named("directory rename")?.[0];
  return undefined;
}
