import { programOf } from "../program.ts";
import { addFlags } from "./added-flags.ts";
import { argumentsOf, hasFlag } from "./arguments.ts";
import type { Runner } from "./runner.ts";

const PATH = "/tmp/nexus-node-test.tap";
const FLAGS = [
  "--test-reporter=spec",
  "--test-reporter-destination=stdout",
  "--test-reporter=tap",
  `--test-reporter-destination=${PATH}`,
];
/** What Node exits with when it does not know an option. */
const BAD_OPTION = 9;
/** A run that does not end, or one that may not write our file. */
const KEEP_OUT = ["--watch", "--permission", "--experimental-permission"];

/** Node's own runner writes TAP beside what people read. */
export const nodeTest: Runner = {
  is: (command) => programOf(command)?.name === "node" && argumentsOf(command).includes("--test"),
  plan(use) {
    const words = argumentsOf(use.runner);
    // Reporters of its own go to the output, or nowhere that is known.
    if (words.some((word) => hasFlag(word, ["--test-reporter"]))) return { stdout: "tap" };
    if (words.some((word) => hasFlag(word, KEEP_OUT))) return {};
    const after = use.runner.words.findIndex(({ value }) => value === "--test");
    const command = addFlags(use, FLAGS, after);
    // A script that names its files takes no options behind these. The environment would, and hand them on to
    // whatever the tests start.
    if (command === undefined) return {};
    return { command, file: { path: PATH, format: "tap" }, refusal: BAD_OPTION };
  },
};
