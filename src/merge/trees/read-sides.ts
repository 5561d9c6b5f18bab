import type { Mirror, Stage } from "../../core/git.ts";

/** A file above is not read. */
const LARGEST = 8 * 1024 * 1024;

/** Why a file is left as it is that is not small. */
export const TOO_LARGE = "the file is too large to be merged by its text";
/** All files of one merge together. */
const ALL = 64 * 1024 * 1024;

/** What the texts of one merge are read from. */
export type Texts = ReadonlyMap<string, string | NoText>;

/** Why a blob has no text. */
type NoText = { readonly why: string };

/** The texts of these blobs. What has none says why. */
export async function readTexts(
  mirror: Pick<Mirror, "readBlobs">,
  stages: readonly Stage[],
): Promise<Texts> {
  const ids = [...new Set(stages.filter(isRegular).map(({ id }) => id))];
  const blobs = await mirror.readBlobs(ids, { each: LARGEST, all: ALL });
  return new Map(ids.map((id) => [id, textOf(blobs.get(id))]));
}

/** True for what is a file and neither link, folder nor submodule. */
export function isRegular({ mode }: Pick<Stage, "mode">): boolean {
  return mode === "100644" || mode === "100755";
}

function textOf(bytes: Uint8Array | undefined): string | NoText {
  if (!bytes) return { why: TOO_LARGE };
  if (bytes.includes(0)) return { why: "the file is binary" };
  try {
    return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    return { why: "the file is no UTF-8 text" };
  }
}
