import { readFile } from "node:fs/promises";
import { join } from "node:path";
import type { SandboxSession, Workspace } from "../../../src/core/sandbox.ts";
import { type Edited, edit, tenFiles } from "./edits.ts";
import type { Place, Subject } from "./place.ts";
import { runProgram } from "./programs.ts";
import { rawExec } from "./raw-exec.ts";
import type { Samples } from "./samples.ts";

/** What is measured, by its name in the table. */
export const RUNS = {
  mirror: "mirror ready",
  first: "first command, new container",
  second: "2nd command, new container",
  slotFirst: "mirror + first command, warm slot",
  slotCommand: "command, warm slot",
  raw: "raw docker exec",
  native: "native execution",
  reading: "reading 10 files",
  modified: "change set, 10 modified",
  mixed: "change set, 8 modified + 2 new",
  commit: "commit of 10 files",
  near: "base of a commit with 10 files changed",
  back: "roll back",
} as const;

const TRUE = ["/bin/true"];
const PAIRS = 3;
const NEW_FILES = 2;

/** Where rounds are measured, and how many. */
export interface Measuring {
  readonly place: Place;
  readonly samples: Samples;
  readonly subjects: readonly Subject[];
  readonly rounds: number;
}

/** Mirrors, commands and change sets, in new containers and in warm slots, each beside its baseline. */
export async function measureRuns(measuring: Measuring): Promise<void> {
  const { subjects, rounds } = measuring;
  for (let round = 0; round < rounds; round += 1) {
    // In turns, so that neither size always has what the other one left.
    const inTurn = round % 2 === 0 ? subjects : subjects.toReversed();
    for (const subject of inTurn) {
      await inNewContainer(measuring, subject);
      await inWarmSlot(measuring, subject);
    }
  }
}

async function inNewContainer({ place, samples }: Measuring, subject: Subject): Promise<void> {
  const { files, mirror, commit } = subject;
  const workspace = place.workspace(subject);
  const begun = performance.now();
  const since = (what: string) => samples.add({ what, files }, performance.now() - begun);
  place.at("volume-made", () => since(RUNS.mirror));
  const session = await place.sandbox.open(workspace, new AbortController().signal);
  await session.run(TRUE);
  since(RUNS.first);
  await samples.time({ what: RUNS.second, files }, () => session.run(TRUE));
  const edited = tenFiles(files, 0);
  const edits = await changeSet({ samples, subject, what: RUNS.modified }, session, edited);
  const made = await samples.time({ what: RUNS.commit, files }, () =>
    mirror.commitEdits({ parent: commit, edits, message: "Ten files\n" }),
  );
  await samples.time({ what: RUNS.back, files }, async () => await session[Symbol.asyncDispose]());
  await nearBase({ place, samples, subject }, made.commit);
}

/** The base of a commit that nobody has opened, over one that is prepared. */
async function nearBase(
  { place, samples, subject }: Pick<Measuring, "place" | "samples"> & { readonly subject: Subject },
  commit: string,
): Promise<void> {
  const begun = performance.now();
  place.at("base-ready", () =>
    samples.add({ what: RUNS.near, files: subject.files }, performance.now() - begun),
  );
  const workspace = place.workspace(subject, commit);
  const session = await place.sandbox.open(workspace, new AbortController().signal);
  await session[Symbol.asyncDispose]();
}

async function inWarmSlot({ place, samples }: Measuring, subject: Subject): Promise<void> {
  const { files } = subject;
  const workspace = place.workspace(subject);
  await warmSlot(place, workspace);
  const begun = performance.now();
  await using session = await place.sandbox.open(workspace, new AbortController().signal);
  await samples.time({ what: RUNS.slotCommand, files }, () => session.run(TRUE));
  samples.add({ what: RUNS.slotFirst, files }, performance.now() - begun);
  const container = await place.container(workspace);
  for (let pair = 0; pair < PAIRS; pair += 1) {
    await samples.time({ what: RUNS.raw, files }, () => rawExec(container, TRUE));
    await samples.time({ what: RUNS.slotCommand, files }, () => session.run(TRUE));
    await samples.time({ what: RUNS.native, files }, () =>
      runProgram("true", [], { cwd: subject.checkout }),
    );
  }
  const edited = tenFiles(files, NEW_FILES);
  await changeSet({ samples, subject, what: RUNS.mixed }, session, edited);
}

/** Starts a container ahead and waits until it sleeps. */
export async function warmSlot(place: Place, workspace: Workspace): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>();
  place.at("slot-paused", resolve);
  place.sandbox.warm(workspace);
  await promise;
}

interface Changing {
  readonly samples: Samples;
  readonly subject: Subject;
  readonly what: string;
}

async function changeSet(
  { samples, subject, what }: Changing,
  session: SandboxSession,
  edited: Edited,
) {
  const { files, checkout } = subject;
  await edit(session, edited);
  await samples.time({ what: RUNS.reading, files }, async () => {
    for (const path of tenFiles(files, 0).modified) await readFile(join(checkout, path));
  });
  const edits = await samples.time({ what, files }, () => session.changes());
  if (edits.length !== 10) throw new Error(`${edits.length} files differ instead of ten.`);
  return edits;
}
