import type { FileMerge, Sides } from "../../core/merge.ts";

/** The merge by texts and structure, for what a rule leaves to it. */
export type MergeText = (sides: Sides) => FileMerge;

/** How one file is made anew from the files it follows from. All paths are from the repository's root. */
export interface Regeneration {
  /** The program that the command starts with; a sandbox without it cannot do it. */
  readonly program: string;
  /** Where the command runs; empty for the root. */
  readonly folder: string;
  /** With the network of `hosts`. Words, never a line for a shell. */
  readonly command: readonly string[];
  /** The same without any network; absent where the program has no such way. */
  readonly offline?: readonly string[] | undefined;
  readonly env: Readonly<Record<string, string>>;
  /** Brings the program where the image has none, from `hosts`. */
  readonly tool?: readonly string[] | undefined;
  readonly hosts: readonly string[];
  /** What stands in the file for the operator's own registry, by which packages may have come. */
  readonly publicRegistry?: string | undefined;
  /** A file of settings beside the manifest, and which of its lines may meet a network: an extended regular expression. */
  readonly settings?: { readonly name: string; readonly harmless: string } | undefined;
  /** Must be there, and merged without a conflict, before the command can mean anything. */
  readonly needs: readonly string[];
  /** Names of the only files that are shown to the command while it has a network; `*` stands for any text. */
  readonly reads: readonly string[];
  /** The only paths that may be different afterwards. */
  readonly touches: readonly string[];
  /** True where the repository's own code runs, which needs what its set-up installs. */
  readonly isOwnScript: boolean;
  /** What the file holds before the command. */
  start(sides: Sides): string;
  /** Why the result must not be taken; undefined where nothing speaks against it. */
  refusal(sides: Sides, result: string): string | undefined;
}

/** How a file is merged that is no plain text. `why` is one plain sentence. */
export type Rule =
  | {
      readonly kind: "regenerate";
      readonly why: string;
      readonly by: Regeneration;
      /** What the tests compare with what they see: where git joined it, green checks speak for it. */
      readonly isCompared?: boolean;
    }
  | { readonly kind: "merge"; merge(sides: Sides, mergeText: MergeText): FileMerge }
  | { readonly kind: "never"; readonly why: string; readonly isCompared?: boolean };

/** What a rule may look at beside the path. */
export interface RuleTexts extends Pick<Sides, "base" | "ours" | "theirs"> {
  /** Files of the merged tree by path, such as `package.json`, `Makefile` and `.gitattributes`, where they are clean. */
  readonly around?: ReadonlyMap<string, string> | undefined;
}
