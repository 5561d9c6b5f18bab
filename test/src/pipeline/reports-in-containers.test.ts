import { afterAll, beforeAll, expect, it } from "vitest";
import { shadowRun } from "../../../src/pipeline/shadow-run.ts";
import { noDocker, type TestSandbox, testSandbox } from "../../sandbox/test-sandbox.ts";
import { freshSignal, mirrorOf, upstreamWith } from "../git/sample-repository.ts";

const TESTS = `import { describe, it } from "node:test";
describe("sums", () => {
  it("adds", () => {});
  it("takes away", () => {});
  it("is for later", { skip: true }, () => {});
});
`;
/** Runs Node's own runner as a test of a runner would, with a reporter of its own choice. */
const NESTED = `import { execFileSync } from "node:child_process";
import test from "node:test";
test("runs another runner", () => {
  const { NODE_TEST_CONTEXT: _, ...env } = process.env;
  execFileSync("node", ["--test", "--test-reporter=tap", "sums.test.mjs"], { env });
});
`;
/** Speaks Vitest's options, as far as they ask for a report. */
const RUNNER = `#!/bin/sh
for word in "$@"; do case "$word" in --outputFile.json=*) report="\${word#*=}";; esac; done
echo '{"numTotalTests":3,"numPassedTests":2,"numFailedTests":1,"numPendingTests":0}' > "$report"
exit 1
`;

let parts: TestSandbox;
beforeAll(async () => {
  if (!noDocker) parts = await testSandbox();
});
afterAll(() => parts?.[Symbol.asyncDispose]());

it.skipIf(noDocker)("runners in real containers are counted by their reports", async () => {
  const upstream = await upstreamWith({
    "package.json": JSON.stringify({
      scripts: { test: "node --test", unit: "node --test nested/all.mjs" },
    }),
    "sums.test.mjs": TESTS,
    "nested/all.mjs": NESTED,
    "bin/vitest": { mode: "100755", content: RUNNER },
  });
  const commands = ["npm test", "npm run unit", "node --test", "bin/vitest run", "echo ok 1"];
  const checks = commands.map((command) => ({ name: command, command }));
  const mirror = await mirrorOf(upstream);
  const where = { mirror, taskId: "t", base: upstream.main, commit: upstream.main };

  const evidence = await shadowRun({ sandbox: parts.sandbox, checks, ...where }, freshSignal());

  const green = { format: "tap", passed: 2, failed: 0, skipped: 1 };
  const red = { format: "jest-json", passed: 2, failed: 1, skipped: 0 };
  expect(evidence.checks.map(({ command, exitCode, tests }) => [command, exitCode, tests])).toEqual(
    [
      ["npm test", 0, green],
      // Its own words keep flags out, and nothing else may ask: the runner inside would be asked too.
      ["npm run unit", 0, undefined],
      ["node --test", 0, green],
      ["bin/vitest run", 1, red],
      ["echo ok 1", 0, undefined],
    ],
  );
  expect(evidence.checks[2]?.output).toContain("takes away");
});
