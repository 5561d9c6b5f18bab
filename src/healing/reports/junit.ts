import { SaxesParser } from "saxes";
import type { TestTotals } from "../../core/evidence.ts";
import { MOST_CASES } from "./bounds.ts";

const DEEPEST = 100;
const ENDINGS: ReadonlyMap<string, "failed" | "skipped"> = new Map([
  ["failure", "failed"],
  ["error", "failed"],
  ["skipped", "skipped"],
]);

/** Counts the cases of a JUnit file, never its own sums; undefined where it is no sound one. Entities are not resolved. */
export function junitTotals(text: string): TestTotals | undefined {
  const cases = countCases();
  let depth = 0;
  let format: TestTotals["format"] = "junit";
  const parser = new SaxesParser();
  // A report needs none, and every known attack by XML does.
  parser.on("doctype", () => refuse("a document type"));
  parser.on("opentag", ({ name, attributes }) => {
    if (depth === 0 && !/^testsuites?$/.test(name)) refuse("another root");
    if (++depth > DEEPEST) refuse("too much inside of each other");
    if (name === "testsuite" && attributes.name === "pytest") format = "pytest-junit";
    cases.open(name);
  });
  parser.on("closetag", ({ name }) => {
    depth--;
    cases.close(name);
  });
  try {
    parser.write(text).close();
    return { format, ...cases.totals };
  } catch {
    // Hostile or cut off: no totals, whatever is wrong with it.
    return undefined;
  }
}

function countCases() {
  const totals = { passed: 0, failed: 0, skipped: 0 };
  let left = MOST_CASES;
  let ending: keyof typeof totals | undefined;
  return {
    totals,
    open(name: string) {
      if (name === "testcase") {
        if (ending) refuse("cases inside cases");
        if (left-- === 0) refuse("too many cases");
        ending = "passed";
      }
      // A case that failed and was skipped later has failed.
      if (ending && ending !== "failed") ending = ENDINGS.get(name) ?? ending;
    },
    close(name: string) {
      if (name !== "testcase" || !ending) return;
      totals[ending]++;
      ending = undefined;
    },
  };
}

function refuse(why: string): never {
  throw new Error(`The report has ${why}.`);
}
