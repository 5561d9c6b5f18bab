import { describe, expect, it } from "vitest";
import { checkRunText } from "../../../src/conversation/check-run-text.ts";
import { check, evidence, RED } from "./facts.ts";

describe("a check run says", () => {
  it("how many passed, on what, and why not all", () => {
    expect(checkRunText(evidence([check({ name: "lint" }), RED]))).toEqual({
      title: "1 of 2 checks passed",
      summary: `Ran on commit \`1234567890abcdef1234567890abcdef12345678\` (tree \`ccccccc\`), built on \`bbbbbbb\`, in the image \`sha256:feed\` without network.

| Check | Command | On \`1234567\` | Time |
| --- | --- | --- | --- |
| \`lint\` | \`npm test\` | ✅ passed | 1.2 s |
| \`test\` | \`npm test\` | ❌ failed (exit 1) | 1.2 s |

\`test\` (\`npm test\`): ❌ failed (exit 1) after 1.2 s.

\`\`\`text
1 failing
\`\`\`

\`lint\` (\`npm test\`): ✅ passed after 1.2 s.

\`\`\`text
ok
\`\`\``,
    });
  });

  it("what each check took, and where its whole log is kept", () => {
    const log = { digest: "a".repeat(64), bytes: 1_234_567, truncated: false };
    const peaks = { memoryBytes: 312_000_000, cpuMs: 4_140, processes: 12, diskBytes: 0 };
    const { summary } = checkRunText(evidence([check({ peaks, log })]));

    expect(summary).toContain(
      `ok\n\`\`\`\n\nAt most 312 MB of memory, 4.1 s of processor time, 12 processes, 0 bytes written. Whole log, 1.2 MB: \`${"a".repeat(64)}\`.`,
    );
  });

  it("of a single check that it is one", () => {
    expect(checkRunText(evidence([check()])).title).toBe("1 of 1 check passed");
    expect(checkRunText(evidence([RED])).title).toBe("0 of 1 check passed");
  });

  it.each(["x", "`", "€", "👍", "|"])("no more than GitHub takes, for logs of %j", (piece) => {
    const output = `${piece.repeat(50)}\n`.repeat(200);
    const checks = Array.from({ length: 40 }, () => check({ passed: false, exitCode: 1, output }));

    const { summary } = checkRunText(evidence(checks));

    expect(new TextEncoder().encode(summary).length).toBeLessThanOrEqual(65_535);
    expect(summary).toContain("The logs of further checks are left out here.");
  });
});
