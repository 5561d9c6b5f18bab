import { type Found, retrieve } from "../context/retrieve.ts";
import { termsOf } from "../context/terms.ts";
import type { Grep, GrepHit, Mirror } from "../core/git.ts";

type Reader = Pick<Mirror, "grep" | "listFiles">;

interface Wanted {
  readonly commit: string;
  /** A request, a question, an error message. Hostile text. */
  readonly text: string;
  readonly most: number;
  readonly signal?: AbortSignal;
}

/** The files of a commit that a text is most likely about, best first, each with its reasons and the lines that hold what the text names. */
export async function retrieveFiles(mirror: Reader, wanted: Wanted): Promise<readonly Found[]> {
  const terms = termsOf(wanted.text);
  const look = (what: Pick<Grep, "patterns" | "ignoreCase" | "mostPerFile">) =>
    hitsOf(mirror, { ...what, commit: wanted.commit, most: 6_000, ...signalOf(wanted) });
  const [paths, ofNames, ofWords] = await Promise.all([
    mirror.listFiles(wanted.commit),
    look({ patterns: terms.names, mostPerFile: 12 }),
    // Apart, so that words which stand everywhere leave the names their room.
    look({ patterns: terms.words, ignoreCase: true, mostPerFile: 6 }),
  ]);
  const seen = new Map([...ofNames, ...ofWords].map((hit) => [`${hit.line}\0${hit.path}`, hit]));
  return retrieve({ terms, paths, hits: [...seen.values()] }, wanted.most);
}

/** A search that is refused or takes too long finds nothing: what is left is a ranking by paths. */
async function hitsOf(mirror: Reader, what: Grep): Promise<readonly GrepHit[]> {
  const grepped = await mirror.grep(what);
  return grepped.kind === "found" ? grepped.hits : [];
}

function signalOf({ signal }: Wanted): { readonly signal?: AbortSignal } {
  return signal ? { signal } : {};
}
