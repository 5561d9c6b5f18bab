import { z } from "zod";
import type { TestTotals } from "../../core/evidence.ts";
import { MOST_CASES } from "./bounds.ts";

const Count = z.number().int().nonnegative().max(MOST_CASES);
const Report = z.object({
  numTotalTests: Count,
  numPassedTests: Count,
  numFailedTests: Count,
  numPendingTests: Count,
  numTodoTests: Count.default(0),
});

/** The totals in a report that Jest or Vitest wrote as JSON; undefined where it is none. */
export function jestTotals(text: string): TestTotals | undefined {
  const report = Report.safeParse(jsonOf(text));
  if (!report.success) return undefined;
  const { numPassedTests, numFailedTests, numPendingTests, numTodoTests } = report.data;
  return {
    format: "jest-json",
    passed: numPassedTests,
    failed: numFailedTests,
    skipped: numPendingTests + numTodoTests,
  };
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    // Not JSON is no report either: the schema says so.
    return undefined;
  }
}
