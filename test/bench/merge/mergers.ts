import { mkdir, writeFile } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import type { Sides } from "../../../src/core/merge.ts";
import type { Syntax } from "../../../src/core/syntax.ts";
import { mergeFile } from "../../../src/merge/merge-file.ts";
import { mergeByRule } from "../../../src/merge/rules/merge-by-rule.ts";
import { runToEnd } from "./git-process.ts";
import { MARKER_SIZE } from "./marked-hunks.ts";

/** What one merger made of one file. */
interface Merged {
  /** Undefined where it left a conflict or did not come to an end. */
  readonly text: string | undefined;
  readonly ms: number;
}

/** Somebody who merges files. */
export interface Merger {
  readonly name: string;
  merge(sides: Sides): Promise<Merged>;
}

const MERGIRAF_MS = 20_000;

/** Nexus' own merger, in this process, without a model. */
export function nexusMerger(syntax: Syntax): Merger {
  return {
    name: "nexus",
    async merge(sides) {
      const begun = performance.now();
      const merged = mergeByRule(sides, (texts) => mergeFile(texts, syntax));
      const ms = performance.now() - begun;
      return { text: merged.kind === "merged" ? merged.text : undefined, ms };
    },
  };
}

/** The others, as programs: their times have the start of a process in them. `folder` is theirs to write in. */
export function otherMergers(folder: string, hasMergiraf: boolean): readonly Merger[] {
  const program = async (sides: Sides, [name, ...args]: readonly [string, ...string[]]) => {
    await writeSides(folder, sides);
    const ended = await runToEnd(name, args, { timeoutMs: MERGIRAF_MS });
    return { text: ended.code === 0 ? ended.stdout.toString() : undefined, ms: ended.ms };
  };
  const files = (path: string) => filesOf(folder, path);
  const mergers: Merger[] = [
    {
      name: "git merge-file",
      merge: (sides) =>
        program(sides, ["git", "merge-file", "-p", "-q", ...files(sides.path).ordered]),
    },
    {
      name: "git merge-file --union",
      merge: (sides) =>
        program(sides, ["git", "merge-file", "-p", "-q", "--union", ...files(sides.path).ordered]),
    },
  ];
  const mergiraf: Merger = {
    name: "mergiraf",
    merge(sides) {
      const { base, ours, theirs } = files(sides.path);
      return program(sides, ["mergiraf", "merge", base, ours, theirs, "-p", sides.path]);
    },
  };
  return hasMergiraf ? [...mergers, mergiraf] : mergers;
}

/** What `git merge-file` leaves, with the base in it and markers as `marked-hunks.ts` reads them. */
export async function markedByGit(folder: string, sides: Sides): Promise<string> {
  await writeSides(folder, sides);
  const how = ["merge-file", "-p", "-q", "--diff3", `--marker-size=${MARKER_SIZE}`];
  const { stdout } = await runToEnd("git", [...how, ...filesOf(folder, sides.path).ordered]);
  return stdout.toString();
}

function filesOf(folder: string, path: string) {
  // Some tell a language by the name of the file that they read.
  const name = basename(path);
  const at = (side: string) => join(folder, side, name);
  const [base, ours, theirs] = [at("base"), at("ours"), at("theirs")];
  return { base, ours, theirs, ordered: [ours, base, theirs] };
}

async function writeSides(folder: string, sides: Sides): Promise<void> {
  const { base, ours, theirs } = filesOf(folder, sides.path);
  const texts = [
    [base, sides.base],
    [ours, sides.ours],
    [theirs, sides.theirs],
  ] as const;
  for (const [path, text] of texts) {
    await mkdir(dirname(path), { recursive: true });
    await writeFile(path, text);
  }
}
