import { programOf } from "../program.ts";
import { addFlags } from "./added-flags.ts";
import { argumentsOf, hasFlag } from "./arguments.ts";
import type { Runner } from "./runner.ts";

const PATH = "/tmp/nexus-jest.json";
/** A report of its own, no tests, or a run that does not end. */
const KEEP_OUT = [
  "--json",
  "--outputFile",
  "--watch",
  "--watchAll",
  "--listTests",
  "--showConfig",
  "--init",
  "--clearCache",
  "--help",
  "-h",
  "--version",
  "-v",
  "--",
];

/** Jest writes its JSON into a file; its reporters stay as they are configured. */
export const jest: Runner = {
  is: (command) => programOf(command)?.name === "jest",
  plan(use) {
    if (argumentsOf(use.runner).some((word) => hasFlag(word, KEEP_OUT))) return {};
    const command = addFlags(use, ["--json", `--outputFile=${PATH}`]);
    return command ? { command, file: { path: PATH, format: "jest-json" } } : {};
  },
};
