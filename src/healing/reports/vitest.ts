import { programOf } from "../program.ts";
import { addFlags } from "./added-flags.ts";
import { argumentsOf, hasFlag } from "./arguments.ts";
import type { Runner } from "./runner.ts";

const PATH = "/tmp/nexus-vitest.json";
/** Verbs that run no tests, or do not end. */
const OTHER_VERBS = new Set(["watch", "dev", "bench", "list", "init", "related", "typecheck"]);
/** Reports of its own, a config that nobody has looked at, or a run that does not end. */
const KEEP_OUT = [
  "--reporter",
  "--reporters",
  "--outputFile",
  "--config",
  "-c",
  "--root",
  "-r",
  "--dir",
  "--watch",
  "-w",
  "--ui",
  "--mergeReports",
  "--standalone",
  "--",
];

/** Vitest writes Jest's JSON beside what people read, where the repository has no reporters of its own. */
export const vitest: Runner = {
  is: (command) => programOf(command)?.name === "vitest",
  plan(use) {
    const words = argumentsOf(use.runner);
    const other = OTHER_VERBS.has(words[0] ?? "") || words.some((word) => hasFlag(word, KEEP_OUT));
    if (other || use.files.ownReporters) return {};
    const flags = ["--reporter=default", "--reporter=json", `--outputFile.json=${PATH}`];
    const command = addFlags(use, flags);
    return command ? { command, file: { path: PATH, format: "jest-json" } } : {};
  },
};
