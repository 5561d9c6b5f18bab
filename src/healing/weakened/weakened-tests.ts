import type { Syntax } from "../../core/syntax.ts";
import type { Weakening } from "../../core/weakening.ts";
import { type ChangedCode, type ChangedText, shown } from "./changed-text.ts";
import { compareTests } from "./compare-tests.ts";
import { masked } from "./masked.ts";
import { narrowedRun } from "./narrowed-run.ts";
import { readTests } from "./read-tests.ts";
import { suppressions } from "./suppressions.ts";
import { isTestFile, mayHoldTests } from "./test-files.ts";

/**
 * Where a change makes tests, or what runs them, prove less than before: by what stands in the files, whoever changed
 * them and why. Tests that were moved, renamed, split or made a table are none; other expected values are a kind of
 * their own, since every change of behaviour brings them.
 */
export function weakenedTests(files: readonly ChangedText[], syntax: Syntax): Weakening[] {
  const changed = files.filter(({ base, head }) => base !== head);
  const code = changed.map((file) => codeOf(file, syntax));
  const found = compareTests(code.filter(({ path }) => mayHoldTests(path)));
  const all = [...deletedFiles(code, found), ...suppressions(code), ...narrowedRun(changed)];
  const seen = new Set<string>();
  return all.filter(({ path, line, side, kind }) => {
    const key = JSON.stringify([path, line, side, kind]);
    return !seen.has(key) && seen.add(key);
  });
}

function codeOf({ path, base, head }: ChangedText, syntax: Syntax): ChangedCode {
  const read = (text: string | undefined) =>
    text === undefined ? undefined : masked(path, text, syntax);
  return { path, base: read(base), head: read(head) };
}

/** A file that is gone with all its tests is told once, not test by test. */
function deletedFiles(files: readonly ChangedCode[], found: readonly Weakening[]): Weakening[] {
  const whole = files.filter((file) => isGoneWhole(file, files, found));
  const paths = new Set(whole.map(({ path }) => path));
  const rest = found.filter(({ path, kind }) => kind !== "deleted-test" || !paths.has(path));
  const deleted = whole.map(({ path, base }): Weakening => {
    const count = base ? readTests(base).tests.length : 0;
    const text = count > 0 ? `${count} ${count === 1 ? "test" : "tests"}` : path;
    return { path, line: 1, side: "base", kind: "deleted-test-file", text: shown(text) };
  });
  return [...deleted, ...rest];
}

const SCRIPTED = /\.(?:sh|bash|bats|feature|robot)$/;

function isGoneWhole(
  { path, base, head }: ChangedCode,
  files: readonly ChangedCode[],
  found: readonly Weakening[],
): boolean {
  if (!base || head || (!mayHoldTests(path) && !(SCRIPTED.test(path) && isTestFile(path))))
    return false;
  const { tests } = readTests(base);
  if (tests.length === 0)
    return SCRIPTED.test(path) && !files.some((file) => file.head?.text === base.text);
  const gone = found.filter((one) => one.path === path && one.kind === "deleted-test");
  return gone.length === tests.length;
}
