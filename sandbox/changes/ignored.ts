import { contentOf } from "./content.ts";
import type { Difference, Touched } from "./difference.ts";
import { ignoredBy, type Rules, rulePathsFor } from "./ignore-rules.ts";
import type { RawPath } from "./raw-path.ts";

/** What is gone from the commit, and what of the rest git would not track. */
export interface Ignored {
  readonly gone: ReadonlySet<RawPath>;
  readonly ignored: ReadonlySet<RawPath>;
}

// Whoever needs more rules than this does not write them by hand.
const MAX_RULES_BYTES = 1024 * 1024;

/**
 * Finds out both at the same time. Paths that the commit carries are never ignored. The rules are those that
 * are there now; a file of rules that is a link counts for nothing, as with git, nor does one above 1 MiB.
 */
export async function ignoredOf(difference: Difference, scratch: string): Promise<Ignored> {
  const unknown = difference.touched.filter((entry) => isUnknown(difference, entry));
  const asked = new Map(unknown.map((entry) => [asGitAsks(entry), entry.path]));
  const paths = [...asked.keys()];
  const places = paths.length === 0 ? [] : rulePathsFor(paths);
  const touched = new Map(places.length === 0 ? [] : difference.touched.map((e) => [e.path, e]));

  const rulesWithout = (gone: ReadonlySet<RawPath>) =>
    rulesAt(places, { difference, touched, gone });
  const first = rulesWithout(new Set());
  // Seldom are rules among what is gone; then git is asked once more.
  const [gone, guess] = await Promise.all([difference.gone(), ignoredBy(first, paths, scratch)]);
  const left = rulesWithout(gone);
  const ignored = left.size === first.size ? guess : await ignoredBy(left, paths, scratch);
  return { gone, ignored: new Set([...ignored].flatMap((path) => asked.get(path) ?? [])) };
}

function isUnknown({ before }: Difference, { path, kind }: Touched): boolean {
  const was = before.at(path);
  return was === undefined || (was.kind === "folder" && kind !== "sealed");
}

function asGitAsks({ path, kind }: Touched): RawPath {
  return kind === "sealed" ? `${path}/` : path;
}

interface Now {
  readonly difference: Difference;
  readonly touched: ReadonlyMap<RawPath, Touched>;
  readonly gone: ReadonlySet<RawPath>;
}

function rulesAt(places: readonly RawPath[], { difference, touched, gone }: Now): Rules {
  const rules = new Map<RawPath, Buffer>();
  for (const path of places) {
    const written = touched.get(path);
    const kept = written || gone.has(path) ? undefined : difference.before.at(path);
    const entry = written ?? (kept && { ...kept, path });
    if (entry?.kind !== "file") continue;
    const content = contentOf({ ...entry, kind: "file" }, undefined, MAX_RULES_BYTES);
    if (content && "content" in content) rules.set(path, content.content);
  }
  return rules;
}
