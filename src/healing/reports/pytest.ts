import type { SimpleCommand } from "../shell-words.ts";
import { addFlags } from "./added-flags.ts";
import { hasFlag } from "./arguments.ts";
import type { Runner } from "./runner.ts";

const PATH = "/tmp/nexus-pytest.xml";
const PYTHON = /^(?:python[\d.]*|coverage)$/;
/** These start a program of the project's environment. */
const STARTERS = new Set(["uv", "poetry", "pipenv", "pdm", "hatch", "rye"]);
/** What pytest exits with when it does not know an option. */
const USAGE_ERROR = 4;

/** A report of its own, or files only from there on. */
const KEEP_OUT = ["--junitxml", "--junit-xml", "--"];

/** pytest writes JUnit beside what people read. Its environment is left alone: tests hand that on to what they start. */
export const pytest: Runner = {
  is(command) {
    const words = wordsOf(command);
    const [program = ""] = words;
    if (/^(?:pytest|py\.test)$/.test(program)) return true;
    const module = words[words.indexOf("-m") + 1];
    return PYTHON.test(program) && words.includes("-m") && module === "pytest";
  },
  plan(use) {
    if (use.runner.words.some(({ value }) => hasFlag(value, KEEP_OUT))) return {};
    const command = addFlags(use, [`--junitxml=${PATH}`]);
    if (command === undefined) return {};
    return { command, file: { path: PATH, format: "junit" }, refusal: USAGE_ERROR };
  },
};

/** The words from the program on, which is named without its folder. */
function wordsOf({ words }: SimpleCommand): readonly string[] {
  const values = words.map(({ value }) => value);
  const started = STARTERS.has(values[0] ?? "") && values[1] === "run" ? values.slice(2) : values;
  return started.map((word, index) => (index === 0 ? (word.split("/").at(-1) ?? word) : word));
}
