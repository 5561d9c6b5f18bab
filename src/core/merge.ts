import { z } from "zod";

/** The ways a conflict is settled, in the order in which they are tried. */
export const MergeStage = z.enum([
  "git",
  "lines",
  "structure",
  "rule",
  "regenerated",
  "remembered",
  "model",
  "person",
]);
export type MergeStage = z.infer<typeof MergeStage>;

/** One place where the sides disagree, and how it was settled; `person` when it was not. */
export const HunkReport = z.object({
  stage: MergeStage,
  /** First line in the merged text, from 1; 1 where the whole file is meant. */
  line: z.number().int().positive(),
  /** One plain sentence, such as "both sides added imports". Never text of the files. */
  why: z.string(),
  /** `proven` by the texts alone, `checked` by a run of the checks on it, `proposed` by nothing yet. */
  confidence: z.enum(["proven", "checked", "proposed"]),
});
export type HunkReport = z.infer<typeof HunkReport>;

/** One file on which git's own merge stopped. */
export const FileReport = z.object({
  path: z.string(),
  kind: z.enum(["merged", "conflicted"]),
  hunks: z.array(HunkReport),
});
export type FileReport = z.infer<typeof FileReport>;

/** Three texts of one file. */
export interface Sides {
  readonly path: string;
  readonly base: string;
  readonly ours: string;
  readonly theirs: string;
}

/** What is left for the next stage, or for a person: whole lines of each side. */
export interface Conflict {
  readonly base: string;
  readonly ours: string;
  readonly theirs: string;
  /** First line of its markers in the text, from 1. */
  readonly line: number;
  /** Why no stage settled it. */
  readonly why: string;
}

/** One file after the stages that need nothing but its texts. */
export type FileMerge =
  | { readonly kind: "merged"; readonly text: string; readonly hunks: readonly HunkReport[] }
  | {
      readonly kind: "conflicted";
      /** With git's standard markers around what is left. */
      readonly text: string;
      readonly hunks: readonly HunkReport[];
      readonly conflicts: readonly Conflict[];
    };

/** A file that is not merged yet, as the stages left it. */
export type ConflictedFile = Extract<FileMerge, { readonly kind: "conflicted" }>;

/** What one side was made for, such as a pull request's title and its commits' messages. Hostile text. */
export interface Intent {
  readonly title: string;
  readonly messages: readonly string[];
}

/** A resolution that was offered for a file, or asked for, and is not in it. */
export interface RefusedProposal {
  readonly stage: MergeStage;
  /** In our words or a model's: hostile text. */
  readonly why: string;
  /** What was offered, where there was something to show. */
  readonly text?: string;
}
