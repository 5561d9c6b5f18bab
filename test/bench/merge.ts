import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createSyntax } from "../../src/syntax/create-syntax.ts";
import { runToEnd } from "./merge/git-process.ts";
import { goalsOf, longFileGoal } from "./merge/goals.ts";
import { longFile } from "./merge/long-file.ts";
import { measureRepository } from "./merge/measure-repository.ts";
import { nexusMerger, otherMergers } from "./merge/mergers.ts";
import { openReplayed } from "./merge/replayed-repository.ts";
import type { Bench, Report } from "./report.ts";

/** More than the known histories have. */
const MERGES = 12_000;
const FILES = 2500;
const QUICK_MERGES = 300;
const QUICK_FILES = 100;

/** What the merger does with the conflicts of real histories, against what people did and what others do. */
export const merge: Bench = {
  async run({ quick, say, operands }): Promise<Report> {
    const folder = await mkdtemp(join(tmpdir(), "nexus-bench-merge-"));
    try {
      const syntax = await createSyntax();
      const hasMergiraf = (await runToEnd("mergiraf", ["--version"])).code === 0;
      if (!hasMergiraf) say("mergiraf is not on PATH: it is not measured");
      const nexus = nexusMerger(syntax);
      const mergers = [nexus, ...otherMergers(folder, hasMergiraf)];
      const wish = quick
        ? { merges: QUICK_MERGES, files: QUICK_FILES }
        : { merges: MERGES, files: FILES };
      // Nobody wants to learn after an hour that the second name was misspelt.
      for (const path of operands) {
        await using repository = await openReplayed(path);
        await repository.merges(1);
      }
      const measured = [];
      for (const path of operands) {
        await using repository = await openReplayed(path);
        measured.push(await measureRepository(repository, { syntax, mergers, wish, folder, say }));
      }
      const long = await nexus.merge(longFile());
      return {
        rows: measured.flatMap(({ rows }) => rows),
        goals: [
          ...measured.flatMap(({ tallied }) => tallied.flatMap(goalsOf)),
          longFileGoal(long.ms),
        ],
      };
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
  },
};
