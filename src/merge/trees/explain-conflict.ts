import type { ConflictKind, TreeConflict } from "../../core/git.ts";

const WHY: Readonly<Record<ConflictKind, string>> = {
  content: "both sides changed the same places",
  "add/add": "both sides added a file of this name, with different content",
  "modify/delete": "one side changed the file, the other one deleted it",
  "rename/delete": "one side renamed the file, the other one deleted it",
  "rename/rename-1to2": "the sides gave the file different new names",
  "rename/rename-2to1": "each side gave another file this name",
  "rename/add": "one side renamed a file to this name, the other one added a file of this name",
  "directory/file": "one side has a folder where the other one has a file",
  "distinct-types": "the sides have different kinds of entries here, such as a file and a link",
  binary: "both sides changed a binary file",
  submodule: "both sides moved the submodule, and only its own history knows which commit has both",
  symlink: "the sides point the link to different places",
  mode: "both sides added the file, and only one made it a program",
  "directory-rename":
    "one side renamed or split the folder, the other one added to it: the new place is not certain",
  name: "git must not be told a name like this one",
  other: "git's own merge stopped here and does not say why in words that are known",
};

/** Why this conflict is a person's, in one sentence. */
export function explainConflict(conflict: TreeConflict): string {
  const { kind, ours, theirs } = conflict;
  if (kind === "modify/delete") {
    if (ours.length === 0) return "ours deleted the file, theirs changed it";
    if (theirs.length === 0) return "theirs deleted the file, ours changed it";
  }
  if (kind === "rename/delete") {
    if (ours.length === 0) return "ours deleted the file, theirs renamed it";
    if (theirs.length === 0) return "theirs deleted the file, ours renamed it";
  }
  return WHY[kind];
}
