import { describe, expect, it } from "vitest";
import { reportPlan } from "../../../../src/healing/reports/report-plan.ts";

const VITEST = "--reporter=default --reporter=json --outputFile.json=/tmp/nexus-vitest.json";
const JEST = "--json --outputFile=/tmp/nexus-jest.json";
const PYTEST = "--junitxml=/tmp/nexus-pytest.xml";
const NODE =
  "--test-reporter=spec --test-reporter-destination=stdout --test-reporter=tap --test-reporter-destination=/tmp/nexus-node-test.tap";

function planOf(command: string, scripts: Readonly<Record<string, string>> = {}) {
  const files = { scripts: new Map(Object.entries(scripts)), ownReporters: false };
  return reportPlan({ name: "test", command }, files);
}

describe("flags for a report reach the runner", () => {
  const changed: readonly (readonly [string, string, string])[] = [
    ["vitest", "", `vitest ${VITEST}`],
    ["vitest run", "", `vitest run ${VITEST}`],
    ["npx vitest run src", "", `npx vitest run src ${VITEST}`],
    ["npm exec -- vitest run", "", `npm exec -- vitest run ${VITEST}`],
    ["pnpm exec vitest run --coverage\n", "", `pnpm exec vitest run --coverage ${VITEST}`],
    ["vitest run && echo done", "", `vitest run ${VITEST} && echo done`],
    ["vitest run; exit 0", "", `vitest run ${VITEST}; exit 0`],
    ["npm test", "vitest run", `npm test -- ${VITEST}`],
    ["npm test -- src", "vitest run", `npm test -- src ${VITEST}`],
    ["npm run -s test", "tsc && vitest run", `npm run -s test -- ${VITEST}`],
    ["tsc; npm test", "vitest", `tsc; npm test -- ${VITEST}`],
    ["pnpm test", "vitest run", `pnpm test ${VITEST}`],
    ["yarn test", "vitest run", `yarn test ${VITEST}`],
    ["bun run test", "vitest run", `bun run test ${VITEST}`],
    ["jest", "", `jest ${JEST}`],
    ["npm test", "jest --ci", `npm test -- ${JEST}`],
    ["CI=1 npx jest", "", `CI=1 npx jest ${JEST}`],
    ["node --test", "", `node --test ${NODE}`],
    ["node --import tsx --test a.ts b.ts", "", `node --import tsx --test ${NODE} a.ts b.ts`],
    ["npm test", "node --test", `npm test -- ${NODE}`],
    ["npm run build && node --test test", "", `npm run build && node --test ${NODE} test`],
    ...[
      "pytest",
      "pytest -q tests",
      "python -m pytest",
      "python3.12 -m pytest -x",
      ".venv/bin/python -m pytest",
      "uv run pytest",
      "poetry run python -m pytest",
      "coverage run -m pytest",
      "pip check && pytest",
    ].map((command) => [command, "", `${command} ${PYTEST}`] as const),
    ["pytest -k 'a or b'; exit 0", "", `pytest -k 'a or b' ${PYTEST}; exit 0`],
    ["npm test", "pytest tests", `npm test -- ${PYTEST}`],
  ];

  it.each(changed)("%j, where the script is %j", (command, script, expected) => {
    const plan = planOf(command, script === "" ? {} : { test: script });

    expect(plan.command).toBe(expected);
    // What is in the environment reaches also what the tests start.
    expect(plan).not.toHaveProperty("env");
    expect(plan.file?.path).toMatch(/^\/tmp\/nexus-/);
  });
});

it.each([
  ["pytest", 4],
  ["node --test", 9],
])("%j is known to refuse flags by its exit code", (command, refusal) => {
  expect(planOf(command)).toMatchObject({ refusal });
});

describe("a check runs as it is written", () => {
  const without: readonly (readonly [string, string])[] = [
    ["vitest watch", ""],
    ["vitest --watch", ""],
    ["vitest run --reporter=dot", ""],
    ["vitest run --reporter dot", ""],
    ["vitest run --outputFile.junit=x.xml", ""],
    ["vitest run -c other.config.ts", ""],
    ["vitest run -- src", ""],
    ["vitest bench", ""],
    ["npm exec vitest run", ""],
    ["npm test", "npm exec vitest run"],
    ["npm test", "npm run unit"],
    ["npm test", "vitest run && vitest run --root other"],
    ["npm test", "vitest run; jest"],
    ["npm test", "vitest run && echo done"],
    ["vitest run && pytest", ""],
    ["jest --watch", ""],
    ["jest --json", ""],
    ["jest --outputFile=x", ""],
    ["node --watch --test", ""],
    ["node --permission --test", ""],
    ["npm test", "node --test test/*.js"],
    ["npm test", "node --test && echo done"],
    ["npm test", "pytest && echo done"],
    ["pytest --junitxml=own.xml", ""],
    ["pytest --junit-xml own.xml", ""],
    ["pytest -- tests", ""],
    ["go test ./...", ""],
  ];

  it.each(without)("%j, where the script is %j", (command, script) => {
    expect(planOf(command, { test: script, unit: "vitest run" })).toEqual({});
  });

  it("where the repository has reporters of its own", () => {
    const files = { scripts: new Map([["test", "vitest run"]]), ownReporters: true };

    expect(reportPlan({ name: "test", command: "npm test" }, files)).toEqual({});
  });

  const spoken: readonly (readonly [string, string])[] = [
    ["go test -json ./...", "go-test-json"],
    ["node --test --test-reporter=tap", "tap"],
    ["tape test/*.js", "tap"],
    ["prove -v", "tap"],
    ["node test.js | cat", "tap"],
    ["make test", "tap"],
    ["bun test", "tap"],
    ["if true; then vitest run; fi", "tap"],
    ["npm test --workspace a", "tap"],
    ["python -m pip install pytest", "tap"],
    ["node scripts/--test.js", "tap"],
  ];

  it.each(spoken)("%j, and what it prints may be %s", (command, stdout) => {
    expect(planOf(command, { test: "vitest run" })).toEqual({ stdout });
  });
});
