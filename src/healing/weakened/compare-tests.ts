import type { Weakening } from "../../core/weakening.ts";
import { type Assertion, wordsOf } from "./assertions.ts";
import { type ChangedCode, findingAt, shown } from "./changed-text.ts";
import { type Matched, matchTests } from "./match-tests.ts";
import { readTests, type TestCase, type TestsOfFile } from "./read-tests.ts";

interface Side {
  readonly texts: ReadonlyMap<string, string>;
  readonly read: ReadonlyMap<string, TestsOfFile>;
}

interface Comparison {
  readonly base: Side;
  readonly head: Side;
  readonly matched: Matched;
  /** How often each assertion stands in all files of a side. */
  readonly counts: Readonly<Record<"base" | "head", ReadonlyMap<string, number>>>;
}

/** What became of the tests: gone, skipped, emptied, demanding less, or alone. */
export function compareTests(files: readonly ChangedCode[]): Weakening[] {
  const [base, head] = [sideOf(files, "base"), sideOf(files, "head")];
  const matched = matchTests(testsOf(base), testsOf(head));
  const counts = { base: countsOf(base), head: countsOf(head) };
  const comparison = { base, head, matched, counts };
  return [
    ...matched.gone
      .filter((test) => !isTakenOver(test, comparison))
      .map((test) => gone(test, base)),
    ...matched.pairs.flatMap((pair) => weaker(pair, comparison)),
    ...matched.added.flatMap((test) => alone(test, [], head)),
    ...files.flatMap((file) => outsideOf(file, comparison)),
  ];
}

function sideOf(files: readonly ChangedCode[], side: "base" | "head"): Side {
  const present = files.flatMap((file) => file[side] ?? []);
  return {
    texts: new Map(present.map(({ path, text }) => [path, text])),
    read: new Map(present.map((file) => [file.path, readTests(file)])),
  };
}

function testsOf({ read }: Side): TestCase[] {
  return [...read.values()].flatMap(({ tests }) => tests);
}

function countsOf({ read }: Side): Map<string, number> {
  const counts = new Map<string, number>();
  for (const { tests, outside } of read.values()) {
    const all = [...tests.flatMap(({ assertions }) => assertions), ...outside];
    for (const { text } of all) counts.set(text, (counts.get(text) ?? 0) + 1);
  }
  return counts;
}

function gone(test: TestCase, { texts }: Side): Weakening {
  const text = texts.get(test.path) ?? "";
  return findingAt("deleted-test", { path: test.path, text, side: "base", line: test.line });
}

/** Whether new tests demand everything that a test demanded: word for word, or as one of a table's cases. */
function isTakenOver({ assertions }: TestCase, { matched }: Comparison): boolean {
  const real = assertions.filter(({ strength }) => strength > 0);
  if (real.length === 0) return false;
  const changed = matched.pairs.filter(([base, now]) => base.body !== now.body);
  const now = [...matched.added, ...changed.map(([, test]) => test)].filter(runs);
  const words = now.filter(({ isTable }) => isTable).map(({ whole }) => wordsOf(whole));
  const standing = new Set(now.flatMap((test) => test.assertions.map(({ text }) => text)));
  return real.every(
    ({ text }) => standing.has(text) || words.some((table) => isWithin(wordsOf(text), table)),
  );
}

function runs({ skippedAt, isEmpty }: TestCase): boolean {
  return skippedAt.length === 0 && !isEmpty;
}

function isWithin(words: ReadonlySet<string>, others: ReadonlySet<string>): boolean {
  return [...words].every((word) => others.has(word));
}

function weaker([before, now]: readonly [TestCase, TestCase], all: Comparison): Weakening[] {
  const { path } = now;
  const at = { path, text: all.head.texts.get(path) ?? "", side: "head" } as const;
  const found = alone(now, before.aloneAt, all.head);
  const [skip] = now.skippedAt;
  if (skip !== undefined && before.skippedAt.length === 0)
    return [...found, findingAt("skipped", { ...at, line: skip })];
  if (now.isEmpty && !before.isEmpty)
    return [...found, findingAt("emptied", { ...at, line: now.line })];
  const less = lessDemanding(before.assertions, now.assertions, { all, path });
  return [...found, ...less.filter((one) => isTold(one, now)), ...otherValues(before, now)];
}

/** What a skipped test demands is no matter, and what became one of a table's cases is demanded still. */
function isTold({ kind, text }: Weakening, { skippedAt, isTable, whole }: TestCase): boolean {
  if (kind !== "changed-expectation") return true;
  if (skippedAt.length > 0) return false;
  const [before = ""] = text.split(" → ");
  return !(isTable && isWithin(wordsOf(before), wordsOf(whole)));
}

/** The same assertions over other values, such as a table's or a variable's. */
function otherValues(before: TestCase, now: TestCase): Weakening[] {
  const isOther = lacking(before.assertions, now.assertions).length > 0;
  if (isOther || now.skippedAt.length > 0) return [];
  const [old, fresh] = [valuesIn(before), valuesIn(now)];
  const gone = [...old].filter((value) => !fresh.has(value));
  if (gone.length === 0) return [];
  const instead = [...fresh].filter((value) => !old.has(value));
  const text = `${shown(gone.join(", "), HALF)} → ${shown(instead.join(", "), HALF)}`;
  const { path, line } = now;
  return [{ path, line, side: "head", kind: "changed-expectation", text }];
}

/** The literals that a test is about, all but its name. */
function valuesIn({ whole, name }: TestCase): ReadonlySet<string> {
  const all = whole.match(/"[^"]*"|'[^']*'|`[^`]*`|(?<![\w.])\d[\w.]*/g) ?? [];
  return new Set(all.filter((value) => value.slice(1, -1) !== name));
}

function alone(now: TestCase, before: readonly number[], { texts }: Side): Weakening[] {
  const [line] = now.aloneAt;
  if (line === undefined || before.length > 0) return [];
  const text = texts.get(now.path) ?? "";
  return [findingAt("narrowed-run", { path: now.path, text, side: "head", line })];
}

interface Where {
  readonly all: Comparison;
  readonly path: string;
}

/**
 * Fewer demands are findings, unless another one covers what is gone, and so are those that stand there still and no
 * longer run. As many other ones are changed expectations.
 */
function lessDemanding(
  before: readonly Assertion[],
  now: readonly Assertion[],
  { all, path }: Where,
): Weakening[] {
  const left = lacking(before, now).filter(({ strength }) => strength > 0);
  const added = lacking(now, before);
  const lost = left.filter((one) => !isCovered(one, { now, added, all }));
  const missing = Math.max(0, ...[1, 2].map((least) => sumOf(before, least) - sumOf(now, least)));
  const kept = new Map(lost.map((one) => [one, added.find((other) => isUnheard(other, one))]));
  const order = lost.toSorted((a, b) => Number(!kept.get(a)) - Number(!kept.get(b)));
  const count = Math.max(missing, [...kept.values()].filter(Boolean).length);
  const weak = added.filter(({ strength }) => strength < 2);
  const weaker = order.slice(0, count).map((one, index) => {
    return toldOf("weakened-assertion", { path, one, instead: kept.get(one) ?? weak[index] });
  });
  const strong = added.filter(({ strength }) => strength > 0);
  const changed = order.slice(count).map((one) => {
    return toldOf("changed-expectation", { path, one, instead: nearest(one, strong) });
  });
  return [...weaker, ...changed];
}

/** The same demand, which is not sure to run any more. */
function isUnheard(now: Assertion, before: Assertion): boolean {
  return now.bare.includes(before.bare) && now.strength < before.strength;
}

/** The one that has most words in common with another. */
function nearest(one: Assertion, others: readonly Assertion[]): Assertion | undefined {
  const words = wordsOf(one.text);
  const common = ({ text }: Assertion) =>
    [...wordsOf(text)].filter((word) => words.has(word)).length;
  return others.toSorted((a, b) => common(b) - common(a))[0];
}

interface Exchanged {
  readonly path: string;
  readonly one: Assertion;
  readonly instead: Assertion | undefined;
}

function toldOf(kind: Weakening["kind"], { path, one, instead }: Exchanged): Weakening {
  if (!instead) return { path, line: one.line, side: "base", kind, text: shown(one.text) };
  const text = `${shown(one.text, HALF)} → ${shown(instead.text, HALF)}`;
  return { path, line: instead.line, side: "head", kind, text };
}

/** Of a place that shows two texts. */
const HALF = 145;

function sumOf(assertions: readonly Assertion[], least: number): number {
  return assertions.filter(({ strength }) => strength >= least).length;
}

/** Those of the one list that the other does not have, as often as it has them. */
function lacking(of: readonly Assertion[], without: readonly Assertion[]): Assertion[] {
  const rest = without.map(({ text }) => text);
  return of.filter(({ text }) => {
    const at = rest.indexOf(text);
    if (at >= 0) rest.splice(at, 1);
    return at < 0;
  });
}

interface Instead {
  readonly now: readonly Assertion[];
  readonly added: readonly Assertion[];
  readonly all: Comparison;
}

function isCovered(one: Assertion, { now, added, all }: Instead): boolean {
  const { base, head } = all.counts;
  // It was only moved.
  if ((head.get(one.text) ?? 0) >= (base.get(one.text) ?? 0)) return true;
  const words = wordsOf(one.text);
  const equal = (other: Assertion) => other.strength >= one.strength;
  const together = new Set(added.filter(equal).flatMap(({ text }) => [...wordsOf(text)]));
  if (isWithin(words, together)) return true;
  return now.filter(equal).some(({ text }) => isWithin(words, wordsOf(text)));
}

function outsideOf({ path, base, head }: ChangedCode, all: Comparison): Weakening[] {
  const [before, now] = [all.base.read.get(path), all.head.read.get(path)];
  if (!base || !head || !before || !now) return [];
  const at = { path, text: head.text, side: "head" } as const;
  const more = now.skippedAt.length > before.skippedAt.length ? now.skippedAt.slice(0, 1) : [];
  return [
    ...more.map((line) => findingAt("skipped", { ...at, line })),
    ...lessDemanding(before.outside, now.outside, { all, path }),
  ];
}
