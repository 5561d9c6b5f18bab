import { setImmediate as othersTurn } from "node:timers/promises";
import type { Edit } from "../../src/core/change-set.ts";
import { type Content, contentOf, type NotCarried } from "./content.ts";
import type { Difference, Touched } from "./difference.ts";
import type { FrozenEntry, FrozenView } from "./frozen-tree.ts";
import { ignoredOf } from "./ignored.ts";
import { judgePath, linkProblem } from "./path-rules.ts";
import { parentOf, type RawPath } from "./raw-path.ts";
import { collectRefusals, type Refusals, refusedWhole } from "./refusals.ts";
import { newTwins } from "./twins.ts";

/** What one change set may hold. */
export interface ChangeLimits {
  readonly files: number;
  readonly bytes: number;
  readonly fileBytes: number;
}

/** More than a person would look through, less than what would hurt. */
export const CHANGE_LIMITS: ChangeLimits = {
  files: 20_000,
  bytes: 200 * 1024 * 1024,
  fileBytes: 100 * 1024 * 1024,
};

/** What is needed beside the difference itself. */
export interface ChangeReading {
  /** Folder that no command can write into, for a moment's files. */
  readonly scratch: string;
  readonly limits: ChangeLimits;
}

const A_SUBMODULE = "a change of a submodule";

// Bytes after which others have their turn.
const BYTES_A_TURN = 8 * 1024 * 1024;
const FILES_A_TURN = 200;

/**
 * Real changes only: what git ignores is left out unless the commit carries it already, and same bytes in
 * the same mode are no change. Deletions come first, so that a folder can take the place of a file.
 * Throws one `sandbox.refused-path` with every path that git must never carry; then nothing is carried.
 */
export async function readChanges(
  difference: Difference,
  { scratch, limits }: ChangeReading,
): Promise<Edit[]> {
  const { gone, ignored } = await ignoredOf(difference, scratch);
  const refusals = collectRefusals();
  const kept = difference.touched.filter(({ path }) => !ignored.has(path));
  const there = new Set(kept.map(({ path }) => path));
  const lost = [...gone].filter((path) => !there.has(path));
  const files = limits.files - lost.length;
  if (files < 0) throw tooManyFiles(limits);
  const writes = await readWrites({ before: difference.before, kept, refusals, limits, files });
  const deletes = lost.flatMap((path) => deletion(path, difference.before, refusals));
  await refuseTwins(
    { difference, written: writes.map(({ raw }) => raw), gone: new Set(lost) },
    refusals,
  );
  refusals.throwIfAny();
  return [...deletes.sort(byPath), ...writes.map(({ edit }) => edit).sort(byPath)];
}

interface Write {
  readonly raw: RawPath;
  readonly edit: Edit;
}

interface Writes {
  readonly before: FrozenView;
  readonly kept: readonly Touched[];
  readonly refusals: Refusals;
  readonly limits: ChangeLimits;
  /** How many there may be. */
  readonly files: number;
}

async function readWrites({ before, kept, refusals, limits, files }: Writes): Promise<Write[]> {
  const writes: Write[] = [];
  let bytes = 0;
  let turn = { files: 0, bytes: 0 };
  for (const entry of kept) {
    turn = { files: turn.files + 1, bytes: turn.bytes + Number(entry.stats.size) };
    if (turn.files > FILES_A_TURN || turn.bytes > BYTES_A_TURN) {
      await othersTurn();
      turn = { files: 0, bytes: 0 };
    }
    const edit = readEntry(entry, before, { refusals, maxBytes: limits.fileBytes });
    if (!edit) continue;
    bytes += edit.content.length;
    if (bytes > limits.bytes)
      throw refusedWhole(`more than ${limits.bytes} bytes in changed files`);
    writes.push({ raw: entry.path, edit });
    if (writes.length > files) throw tooManyFiles(limits);
  }
  return writes;
}

interface Rules {
  readonly refusals: Refusals;
  readonly maxBytes: number;
}

/** Undefined for what is no change, and for what is refused. */
function readEntry(entry: Touched, before: FrozenView, { refusals, maxBytes }: Rules) {
  const was = before.at(entry.path);
  const read = contentOf(entry, was, maxBytes);
  if (read === undefined) return undefined;
  const { text, problem } = judgePath(entry.path);
  const why = problem ?? contentProblem(read, text) ?? submoduleProblem(entry.path, was, before);
  if (why !== undefined) refusals.add(text, why);
  if (why !== undefined || "why" in read) return undefined;
  return { kind: "write" as const, path: text, ...read };
}

function contentProblem(read: Content | NotCarried, path: string): string | undefined {
  if ("why" in read) return read.why;
  return read.mode === "120000" ? linkProblem(path, read.content) : undefined;
}

/** An empty folder of the commit is where a submodule belongs, and nothing else may come there. */
function submoduleProblem(path: RawPath, was: FrozenEntry | undefined, before: FrozenView) {
  if (was && was.kind !== "folder") return undefined;
  let at = path;
  while (at !== "" && !before.at(at)) at = parentOf(at);
  return at !== "" && before.isHollow(at) ? A_SUBMODULE : undefined;
}

function deletion(path: RawPath, before: FrozenView, refusals: Refusals): Edit[] {
  const { text, problem } = judgePath(path);
  const isModule = before.at(path)?.kind === "folder";
  const why = problem ?? (isModule ? A_SUBMODULE : undefined);
  if (why === undefined) return [{ kind: "delete", path: text }];
  refusals.add(text, why);
  return [];
}

interface Written {
  readonly difference: Difference;
  readonly written: readonly RawPath[];
  readonly gone: ReadonlySet<RawPath>;
}

async function refuseTwins({ difference, written, gone }: Written, refusals: Refusals) {
  for (const { path, other } of await newTwins({ before: difference.before, written, gone })) {
    const name = JSON.stringify(judgePath(other).text);
    refusals.add(judgePath(path).text, `macOS and Windows take it for ${name}`);
  }
}

function tooManyFiles(limits: ChangeLimits) {
  return refusedWhole(`more than ${limits.files} changed files`);
}

function byPath(a: Edit, b: Edit): number {
  return a.path < b.path ? -1 : Number(a.path > b.path);
}
