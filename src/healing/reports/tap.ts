import type { TestTotals } from "../../core/evidence.ts";
import { MOST_CASES } from "./bounds.ts";

const VERSION = /^TAP version 1[34]$/;
const PLAN = /^1\.\.(?<count>\d{1,7})(?:\s|$)/;
const POINT = /^(?<not>not )?ok \d+(?:\s|$)/;
/** A title's own `#` is written `\#`. */
const DIRECTIVE = /\s#\s*(?:skip|todo)/i;
/** What Node's runner says at the end: it counts the tests inside of suites, which the outer points do not. */
const SUM = /^# (?<what>pass|fail|cancelled|skipped|todo) (?<count>\d{1,7})$/;

/** The totals of a complete TAP stream, other lines between its own left aside; undefined where there is none. */
export function tapTotals(text: string): TestTotals | undefined {
  const seen = { passed: 0, failed: 0, skipped: 0, planned: 0, plans: 0, version: false };
  const sums = new Map<string, number>();
  for (const line of linesOf(text)) {
    const sum = SUM.exec(line)?.groups;
    // What a test prints comes earlier: the last word is the runner's.
    if (sum) sums.set(sum.what ?? "", Number(sum.count));
    count(line, seen);
  }
  const points = seen.passed + seen.failed + seen.skipped;
  const complete = seen.plans > 0 && seen.planned === points && (seen.version || points > 0);
  if (!complete || points > MOST_CASES) return undefined;
  // Sums of several streams in one are nobody's.
  if (!sums.has("cancelled")) return totals(seen);
  return seen.plans === 1 ? nodeTotals(sums) : undefined;
}

interface Seen {
  passed: number;
  failed: number;
  skipped: number;
  planned: number;
  plans: number;
  version: boolean;
}

function count(line: string, seen: Seen): void {
  const plan = PLAN.exec(line)?.groups?.count;
  if (plan !== undefined) {
    seen.plans++;
    seen.planned += Number(plan);
  }
  if (VERSION.test(line)) seen.version = true;
  const point = POINT.exec(line)?.groups;
  if (!point) return;
  // A test that is still to be done may fail, and does not count when it passes.
  if (DIRECTIVE.test(line)) seen.skipped++;
  else seen[point.not ? "failed" : "passed"]++;
}

function totals({ passed, failed, skipped }: Seen): TestTotals {
  return { format: "tap", passed, failed, skipped };
}

function nodeTotals(sums: ReadonlyMap<string, number>): TestTotals | undefined {
  const [passed, failed, cancelled, skipped, todo] = [
    "pass",
    "fail",
    "cancelled",
    "skipped",
    "todo",
  ].map((what) => sums.get(what) ?? Number.NaN) as [number, number, number, number, number];
  const all = passed + failed + cancelled + skipped + todo;
  if (!(all <= MOST_CASES)) return undefined;
  return { format: "tap", passed, failed: failed + cancelled, skipped: skipped + todo };
}

/** One line after the other, without a second copy of a large text. */
function* linesOf(text: string): Generator<string> {
  for (let start = 0; start < text.length; ) {
    const end = text.indexOf("\n", start);
    const line = text.slice(start, end < 0 ? text.length : end);
    yield line.endsWith("\r") ? line.slice(0, -1) : line;
    start = end < 0 ? text.length : end + 1;
  }
}
