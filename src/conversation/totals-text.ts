import type { TestTotals } from "../core/evidence.ts";

/** What a runner's report counts, as people say it. Of no test it says that too. */
export function totalsText({ passed, failed, skipped }: TestTotals): string {
  const counts = [
    [passed, "passed"],
    [failed, "failed"],
    [skipped, "skipped"],
  ] as const;
  const known = counts.filter(([count]) => count > 0);
  return (
    known.map(([count, what]) => `${count.toLocaleString("en-US")} ${what}`).join(", ") || "none"
  );
}
