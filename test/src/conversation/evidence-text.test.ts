import { describe, expect, it } from "vitest";
import {
  checkText,
  duration,
  evidenceTable,
  reachText,
  verdict,
} from "../../../src/conversation/evidence-text.ts";
import { logTail } from "../../../src/conversation/log-tail.ts";
import { usageText } from "../../../src/conversation/usage-text.ts";
import { NO_USAGE } from "../../../src/core/usage.ts";
import { BASE, check, evidence, RED } from "./facts.ts";

describe("the table of evidence", () => {
  it("puts the base beside the head", () => {
    const head = evidence([check(), check({ name: "new", durationMs: 65_000 })]);

    expect(evidenceTable(head, evidence([RED], { commit: BASE }))).toBe(
      `| Check | Command | Base \`bbbbbbb\` | Head \`1234567\` | Time |
| --- | --- | --- | --- | --- |
| \`test\` | \`npm test\` | ❌ failed (exit 1) | ✅ passed | 1.2 s |
| \`new\` | \`npm test\` | not run | ✅ passed | 1 min 5 s |`,
    );
  });

  it("does not show the base's result of another command, and says what the plan named", () => {
    const own = check({ command: "true", namedBy: "plan" });
    const lines = evidenceTable(evidence([check(), own]), evidence([RED], { commit: BASE }));

    expect(lines.split("\n").slice(2)).toEqual([
      "| `test` | `npm test` | ❌ failed (exit 1) | ✅ passed | 1.2 s |",
      "| `test` (named by the plan) | `true` | not run | ✅ passed | 1.2 s |",
    ]);
    expect(checkText(own)).toContain("`test` (named by the plan) (`true`): ✅ passed");
  });

  it("puts what the runners count beside the verdicts, of base and head", () => {
    const counted = (passed: number, failed: number, skipped: number) =>
      ({ tests: { format: "junit", passed, failed, skipped } }) as const;
    const red = check({ passed: false, exitCode: 1, ...counted(1_213, 1, 3) });
    const head = evidence([
      check(counted(1_214, 0, 3)),
      check({ name: "e2e", ...counted(0, 0, 0) }),
    ]);

    expect(
      evidenceTable(head, evidence([red], { commit: BASE }))
        .split("\n")
        .slice(2),
    ).toEqual([
      "| `test` | `npm test` | ❌ failed (exit 1), tests: 1,213 passed, 1 failed, 3 skipped | ✅ passed, tests: 1,214 passed, 3 skipped | 1.2 s |",
      "| `e2e` | `npm test` | not run | ✅ passed, tests: none | 1.2 s |",
    ]);
    expect(checkText(red)).toContain(
      "❌ failed (exit 1) after 1.2 s, tests: 1,213 passed, 1 failed, 3 skipped.",
    );
  });

  it("does not take a report for a verdict", () => {
    const tests = { format: "tap", passed: 9, failed: 0, skipped: 0 } as const;
    const forged = check({ passed: false, exitCode: 1, tests });

    expect(evidenceTable(evidence([forged])).split("\n")[2]).toBe(
      "| `test` | `npm test` | ❌ failed (exit 1), tests: 9 passed | 1.2 s |",
    );
  });

  it("keeps hostile names and commands in their cells", () => {
    const head = evidence([check({ name: "a|b\n| c |", command: "x ```|` && <b> @ada" })]);

    expect(evidenceTable(head).split("\n")[2]).toBe(
      "| `a\\|b \\| c \\|` | ````x ```\\|` && <b> @ada```` | ✅ passed | 1.2 s |",
    );
  });

  it("is bounded and says what is missing", () => {
    const lines = evidenceTable(evidence(Array.from({ length: 35 }, () => check()))).split("\n");

    expect(lines).toHaveLength(34);
    expect(lines.at(-1)).toBe("And 5 more.");
  });

  it("takes the ending from the engine", () => {
    expect(verdict(check())).toBe("✅ passed");
    expect(verdict(check({ passed: false, exitCode: 3 }))).toBe("❌ failed (exit 3)");
    expect(verdict(check({ passed: false, ending: "timeout" }))).toBe("❌ ran out of time");
    expect(verdict(check({ passed: false, ending: "silent" }))).toBe("❌ fell silent");
    expect(verdict(check({ passed: false, ending: "out-of-memory" }))).toBe("❌ ran out of memory");
    expect(verdict(check({ passed: false, ending: "disk-full" }))).toBe("❌ ran out of disk");
    expect(verdict(check({ passed: false, exitCode: 137, signal: "SIGKILL" }))).toBe(
      "❌ failed (exit 137, `SIGKILL`)",
    );
  });

  it.each([
    [0, "0.0 s"],
    [9_949, "9.9 s"],
    [9_950, "10 s"],
    [59_499, "59 s"],
    [59_500, "1 min 0 s"],
    [3_600_000, "60 min 0 s"],
  ])("%i milliseconds are %s", (ms, expected) => {
    expect(duration(ms)).toBe(expected);
  });
});

describe("the tail of a log", () => {
  const logs: readonly (readonly [string, string, string])[] = [
    ["is all of a short one", "a\nb\n\n", "a\nb"],
    ["is empty for an empty one", "", ""],
    [
      "says how much is above",
      `${"x\n".repeat(41)}`,
      `… 1 line above\n${"x\n".repeat(40).trimEnd()}`,
    ],
    ["keeps the end of an endless line", "x".repeat(5_000), `… ${"x".repeat(2_998)}`],
    ["drops what nobody sees", "a\u001b[2Jb\u202ec", "a[2Jbc"],
  ];

  it.each(logs)("%s", (_name, output, expected) => {
    expect(logTail(output)).toBe(expected);
  });
});

describe("the usage", () => {
  it("of no call", () => {
    expect(usageText(NO_USAGE)).toBe("No model was called, no token spent.");
  });

  it("of one call and of many", () => {
    expect(usageText({ calls: 1, input: 10, cachedInput: 0, output: 2 })).toBe(
      "1 model call: 10 tokens read, 2 written.",
    );
    expect(usageText({ calls: 1_200, input: 12_345, cachedInput: 67_890, output: 3 })).toBe(
      "1,200 model calls: 12,345 tokens read (and 67,890 from the cache), 3 written.",
    );
  });
});

it("says what the commands could reach", () => {
  const hosts = ["a.example", "b.example", "c.example", "d.example", "e.example", "f.example"];

  expect(reachText({})).toBe("without network");
  expect(reachText({ network: ["*.a.example"] })).toBe("with a way out to `*.a.example` only");
  expect(reachText({ network: hosts })).toContain("`e.example` and 1 more only");
});
