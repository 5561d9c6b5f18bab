import { isUtf8 } from "node:buffer";
import type { Syntax } from "../../../src/core/syntax.ts";
import { countMarkerLines } from "../../../src/merge/text/markers.ts";
import type { Row } from "../report.ts";
import { type ConflictingFile, type Found, findConflicts, type Wish } from "./find-conflicts.ts";
import type { Blobs } from "./git-process.ts";
import type { Tallied } from "./goals.ts";
import { judge, type Replayed, type Verdict } from "./judge.ts";
import { kindOfFile } from "./kind-of-file.ts";
import { type Merger, markedByGit } from "./mergers.ts";
import type { ReplayedRepository } from "./replayed-repository.ts";
import { createTally, rowOf, type Tally, tenth } from "./tally.ts";

interface Measuring {
  readonly syntax: Syntax;
  /** Nexus first. */
  readonly mergers: readonly Merger[];
  readonly wish: Wish;
  /** For the files of programs. */
  readonly folder: string;
  readonly say: (line: string) => void;
}

const MAX_BYTES = 4_000_000;
const SLOW_MS = 300;
const TOLD_EVERY = 200;

/** Replays one repository with every merger. */
export async function measureRepository(
  repository: ReplayedRepository,
  measuring: Measuring,
): Promise<{ readonly rows: readonly Row[]; readonly tallied: readonly Tallied[] }> {
  const { mergers, wish, say, folder } = measuring;
  say(`${repository.name}: merging again what people merged`);
  const found = await findConflicts(repository, wish, say);
  say(`${repository.name}: ${found.files.length} conflicting files of ${found.stopped} merges`);
  const of = (kind: "all" | "code") => ({
    kind,
    tallies: mergers.map(({ name }) => createTally(name)),
  });
  const groups = [of("all"), of("code")];
  let unsettled = 0;
  for (const [index, file] of found.files.entries()) {
    if (index > 0 && index % TOLD_EVERY === 0)
      say(`${repository.name}: ${index} of ${found.files.length} files`);
    const texts = await textsOf(repository.blobs, file);
    if (!texts) continue;
    if (isUnsettled(texts)) {
      unsettled += 1;
      continue;
    }
    const given = { ...texts, marked: await markedByGit(folder, texts) };
    const kinds = groups.filter(({ kind }) => kind === "all" || kindOfFile(file.path) === kind);
    for (const [at, merger] of mergers.entries()) {
      const { ms, verdict } = await measure(merger, given, measuring);
      for (const { tallies } of kinds) tallies[at]?.add(ms, verdict);
      if (at === 0) tell(say, file, { ms, verdict });
    }
  }
  const named = repository.name;
  if (unsettled > 0)
    say(`${named}: ${unsettled} files left out that people committed with markers`);
  return {
    rows: [
      gitRow(named, found),
      ...groups.flatMap(({ kind, tallies }) => tallies.map((tally) => rowOf(named, kind, tally))),
    ],
    tallied: groups.flatMap(({ kind, tallies }) => talliedOf(named, kind, tallies)),
  };
}

interface Measured {
  readonly ms: number;
  /** Undefined where a conflict was left. */
  readonly verdict: Verdict | undefined;
}

async function measure(merger: Merger, given: Replayed, { syntax }: Measuring): Promise<Measured> {
  const { path, base, ours, theirs } = given;
  const { text, ms } = await merger.merge({ path, base, ours, theirs });
  return { ms, verdict: text === undefined ? undefined : judge(text, given, syntax) };
}

/** What somebody who works on the merger wants to look at. */
function tell(say: Measuring["say"], { merge, path }: ConflictingFile, { ms, verdict }: Measured) {
  const faults = [
    ...(verdict?.lost ?? []).map((line) => `lost: ${line}`),
    ...(verdict?.back ?? []).map((line) => `back: ${line}`),
    ...(ms > SLOW_MS ? [`${Math.round(ms)} ms`] : []),
  ];
  const [first, ...more] = faults;
  if (first === undefined) return;
  const others = more.length > 0 ? ` (and ${more.length} more)` : "";
  say(`  ${merge.slice(0, 10)} ${path}: ${first.slice(0, 160)}${others}`);
}

/** The four texts; undefined where one is not text, or too large. */
async function textsOf(blobs: Blobs, file: ConflictingFile) {
  const ids = [file.base, file.ours, file.theirs, file.people];
  const read = await Promise.all(
    ids.map(async (id) => (id ? await blobs.read(id, MAX_BYTES) : Buffer.alloc(0))),
  );
  const texts = read.map((blob) => (blob && isText(blob) ? blob.toString() : undefined));
  const [base, ours, theirs, people] = texts;
  if (base === undefined || ours === undefined || theirs === undefined || people === undefined)
    return undefined;
  return { path: file.path, base, ours, theirs, people };
}

/** People committed the conflict itself: nothing to compare with. */
function isUnsettled({ base, ours, theirs, people }: Omit<Replayed, "path" | "marked">): boolean {
  const known = Math.max(...[base, ours, theirs].map(countMarkerLines));
  return countMarkerLines(people) > known;
}

function isText(blob: Buffer): boolean {
  return !blob.subarray(0, 8000).includes(0) && isUtf8(blob);
}

/** git's own merge: it left every one of these files. */
function gitRow(repository: string, { merges, stopped, files }: Found): Row {
  return {
    repository,
    of: `${merges} merges, ${tenth((100 * stopped) / merges)} % stop`,
    merger: "merge-ort",
    files: files.length,
    "clean %": 0,
  };
}

function talliedOf(repository: string, of: "all" | "code", tallies: readonly Tally[]): Tallied[] {
  const [nexus] = tallies;
  const mergiraf = tallies.find(({ name }) => name === "mergiraf");
  return nexus ? [{ repository, of, nexus, mergiraf }] : [];
}
