import { mkdir } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Bench, Report } from "./report.ts";
import { eightRows, goalsOf } from "./sandbox/goals.ts";
import { addWorktree, measureCopies } from "./sandbox/measure-copies.ts";
import { measureEight } from "./sandbox/measure-eight.ts";
import { type Measuring, measureRuns } from "./sandbox/measure-runs.ts";
import { measureShadowRuns } from "./sandbox/measure-shadow-runs.ts";
import { measureWorktrees } from "./sandbox/measure-worktrees.ts";
import { openPlace, type Place, type Subject } from "./sandbox/place.ts";
import { runProgram } from "./sandbox/programs.ts";
import { keepSamples, type Samples } from "./sandbox/samples.ts";

/** Small first. */
const SIZES = [5_000, 100_000];
const QUICK_SIZES = [1_000, 10_000];
const ROUNDS = 10;
const QUICK_ROUNDS = 3;
/** For ten rounds of copies of one repository. */
const COPIES_MS = 100_000;

/** What mirrors, commands, change sets and commits cost, by the size of the repository. */
export const sandbox: Bench = {
  async run({ quick, say }): Promise<Report> {
    const cache = join(tmpdir(), "nexus-bench");
    await mkdir(cache, { recursive: true });
    const samples = keepSamples();
    await using place = await openPlace(cache);
    const subjects: Subject[] = [];
    for (const files of quick ? QUICK_SIZES : SIZES) {
      say(`${files} files: repository, checkout and base`);
      subjects.push(await prepare({ place, samples, cache }, files));
    }
    await runProgram("sync", [], { cwd: "/" });

    const rounds = quick ? QUICK_ROUNDS : ROUNDS;
    const measuring: Measuring = { place, samples, subjects, rounds };
    say("commands, change sets and commits");
    await measureRuns(measuring);
    say("shadow runs of a test of one second");
    await measureShadowRuns(measuring);
    say("worktrees");
    await measureWorktrees(measuring);
    const eights = [];
    for (const subject of subjects) {
      say(`${subject.files} files: eight mirrors at once`);
      eights.push(await measureEight(place, subject, quick));
    }
    say("cp, git worktree and git clone");
    await measureCopies(measuring, COPIES_MS);
    // Of a quick run the kernel knows the files from before.
    const rows = [...samples.rows(), ...eights.flatMap(eightRows)];
    return { rows, goals: goalsOf({ samples, subjects, eights: quick ? [] : eights.slice(-1) }) };
  },
};

interface Preparing {
  readonly place: Place;
  readonly samples: Samples;
  readonly cache: string;
}

async function prepare({ place, samples, cache }: Preparing, files: number): Promise<Subject> {
  const subject = await place.subject(cache, files);
  await addWorktree(samples, subject, subject.checkout);
  const begun = performance.now();
  const what = "base of a commit like no other, once";
  place.at("base-ready", () => samples.add({ what, files }, performance.now() - begun));
  const signal = new AbortController().signal;
  const session = await place.sandbox.open(place.workspace(subject), signal);
  await session[Symbol.asyncDispose]();
  return subject;
}
