import { z } from "zod";

/** What happened to one path, with its new bytes. Modes are git's. */
export type Edit =
  | {
      readonly kind: "write";
      readonly path: string;
      readonly mode: "100644" | "100755" | "120000";
      readonly content: Uint8Array;
    }
  | { readonly kind: "delete"; readonly path: string };

/** One path of a ChangeSet as git reads it back. */
export const FileChange = z.object({
  path: z.string(),
  status: z.enum(["added", "modified", "deleted", "renamed", "type-changed"]),
  /** Lines; absent for binary files. */
  insertions: z.number().int().nonnegative().optional(),
  deletions: z.number().int().nonnegative().optional(),
});
export type FileChange = z.infer<typeof FileChange>;

/** Edits of one worker against one base commit, kept as a commit in Nexus' own mirror. */
export const ChangeSet = z.object({
  base: z.string(),
  commit: z.string(),
  tree: z.string(),
  files: z.array(FileChange),
});
export type ChangeSet = z.infer<typeof ChangeSet>;
