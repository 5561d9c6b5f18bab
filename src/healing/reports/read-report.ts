import type { TestTotals } from "../../core/evidence.ts";
import { MOST_BYTES } from "./bounds.ts";
import { goTotals } from "./go-test-json.ts";
import { jestTotals } from "./jest-json.ts";
import { junitTotals } from "./junit.ts";
import { tapTotals } from "./tap.ts";

/** How a report is written; JUnit as pytest writes it is JUnit. */
export type ReportFormat = Exclude<TestTotals["format"], "pytest-junit">;

const READERS: Readonly<Record<ReportFormat, (text: string) => TestTotals | undefined>> = {
  junit: junitTotals,
  tap: tapTotals,
  "jest-json": jestTotals,
  "go-test-json": goTotals,
};

/** What a runner's report counts; undefined where it is none, broken or too large. Never throws, whoever wrote it. */
export function readReport(
  format: ReportFormat,
  report: Uint8Array | string,
): TestTotals | undefined {
  if (report.length > MOST_BYTES) return undefined;
  const text = typeof report === "string" ? report : new TextDecoder().decode(report);
  return READERS[format](text);
}
