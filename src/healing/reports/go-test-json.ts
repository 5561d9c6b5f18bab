import { z } from "zod";
import type { TestTotals } from "../../core/evidence.ts";
import { MOST_CASES } from "./bounds.ts";

const Event = z.object({
  Action: z.enum(["run", "pass", "fail", "skip"]),
  Package: z.string(),
  Test: z.string().optional(),
});
type Ending = "passed" | "failed" | "skipped";
const ENDINGS = { run: "failed", pass: "passed", fail: "failed", skip: "skipped" } as const;

/**
 * Counts the tests without subtests in the events of `go test -json`; undefined where no package ended.
 * A test that began and never ended has failed.
 */
export function goTotals(text: string): TestTotals | undefined {
  const tests = new Map<string, Ending>();
  let packages = 0;
  for (const { Action, Package, Test } of eventsIn(text)) {
    if (Test !== undefined) tests.set(`${Package}\0${Test}`, ENDINGS[Action]);
    else if (Action !== "run") packages++;
    if (tests.size > MOST_CASES) return undefined;
  }
  return packages > 0 ? { format: "go-test-json", ...leavesOf(tests) } : undefined;
}

function leavesOf(tests: ReadonlyMap<string, Ending>) {
  // The part of a name before its last slash is a test too, or the path of a package, which is none.
  const parents = new Set([...tests.keys()].map((name) => name.slice(0, name.lastIndexOf("/"))));
  const totals = { passed: 0, failed: 0, skipped: 0 };
  for (const [name, ending] of tests) if (!parents.has(name)) totals[ending]++;
  return totals;
}

function* eventsIn(text: string): Generator<z.infer<typeof Event>> {
  for (const line of text.split("\n")) {
    const event = eventOf(line);
    if (event) yield event;
  }
}

function eventOf(line: string): z.infer<typeof Event> | undefined {
  if (!line.startsWith("{")) return undefined;
  try {
    return Event.safeParse(JSON.parse(line)).data;
  } catch {
    // The output of something else between the events.
    return undefined;
  }
}
