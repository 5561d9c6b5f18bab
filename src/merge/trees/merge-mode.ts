import type { Stage } from "../../core/git.ts";

/** Modes of files; the second is a program. */
export type RegularMode = "100644" | "100755";

/** The mode that the side wants which changed it; undefined where both added the file and do not agree. */
export function mergeMode(sides: {
  readonly base: Pick<Stage, "mode"> | undefined;
  readonly ours: Pick<Stage, "mode">;
  readonly theirs: Pick<Stage, "mode">;
}): RegularMode | undefined {
  const { base, ours, theirs } = sides;
  if (ours.mode === theirs.mode) return regular(ours.mode);
  if (!base) return undefined;
  return regular(ours.mode === base.mode ? theirs.mode : ours.mode);
}

function regular(mode: string): RegularMode {
  return mode === "100755" ? "100755" : "100644";
}
