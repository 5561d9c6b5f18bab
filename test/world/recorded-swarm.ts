import type { Script, ScriptedCall } from "./model/script.ts";

interface Part {
  readonly id: string;
  readonly title: string;
  readonly source: string;
  readonly test: string;
}

const NO_NUMBERS = 'if (numbers.length === 0) throw new RangeError("no numbers");';

const PARTS: readonly Part[] = [
  {
    id: "median",
    title: "Add the median",
    source: `/** The middle number, or the mean of the middle two; throws a RangeError for no numbers. */
export function median(numbers: readonly number[]): number {
  ${NO_NUMBERS}
  const sorted = numbers.toSorted((a, b) => a - b);
  const middle = Math.floor(sorted.length / 2);
  const upper = sorted[middle] ?? Number.NaN;
  const lower = sorted[middle - 1] ?? Number.NaN;
  return sorted.length % 2 === 1 ? upper : (lower + upper) / 2;
}
`,
    test: testOf("median", ["[3, 1, 2]), 2", "[4, 1, 3, 2]), 2.5"]),
  },
  {
    id: "range",
    title: "Add the range",
    source: `/** The distance from the smallest to the largest; throws a RangeError for no numbers. */
export function range(numbers: readonly number[]): number {
  ${NO_NUMBERS}
  return Math.max(...numbers) - Math.min(...numbers);
}
`,
    test: testOf("range", ["[3, 1, 2]), 2", "[7]), 0"]),
  },
  {
    id: "mode",
    title: "Add the mode",
    source: `/** The most frequent number, the first of several; throws a RangeError for no numbers. */
export function mode(numbers: readonly number[]): number {
  ${NO_NUMBERS}
  const counts = new Map<number, number>();
  for (const number of numbers)
    counts.set(number, (counts.get(number) ?? 0) + 1);
  const most = Math.max(...counts.values());
  return numbers.find((number) => counts.get(number) === most) ?? Number.NaN;
}
`,
    test: testOf("mode", ["[1, 2, 2, 3]), 2", "[5, 4]), 5"]),
  },
];

function testOf(name: string, cases: readonly string[]): string {
  const asserts = cases.map((one) => `  assert.equal(${name}(${one});`).join("\n");
  return `import assert from "node:assert/strict";
import { test } from "node:test";
import { ${name} } from "../src/${name}.ts";

test("the ${name} of some numbers", () => {
${asserts}
});
test("there is no ${name} of nothing", () =>
  assert.throws(() => ${name}([]), RangeError));
`;
}

const PLAN = {
  summary: "Median, range and mode, each in a module of its own with its tests.",
  items: PARTS.map(({ id, title }) => ({
    id,
    title,
    department: "backend",
    goal: `Write src/${id}.ts in the style of src/mean.ts, and test/${id}.test.ts.`,
    paths: [`src/${id}.ts`, `test/${id}.test.ts`],
    dependsOn: [],
  })),
  checks: [],
};

/** The words of a model that plans three work items and carries them out, as a recording: what comes next hangs on the conversation alone. */
export function recordedSwarm(): Script {
  return ({ agent, body }) => {
    if (agent.tools.includes("submit_plan"))
      return { calls: [{ name: "submit_plan", input: PLAN }] };
    const replies = body.messages.filter(({ role }) => role === "assistant").length;
    const calls = turnsOf(agent.workItem)[replies];
    if (!calls) throw new Error("The recording is at its end.");
    return { calls };
  };
}

function turnsOf(id: string | undefined): readonly (readonly ScriptedCall[])[] {
  const part = PARTS.find((one) => one.id === id);
  if (!part) throw new Error(`The recording knows no work item ${id}.`);
  const write = (path: string, text: string) => ({
    name: "edit",
    input: { path, old: "", new: text },
  });
  return [
    [{ name: "read", input: { path: "src/mean.ts" } }],
    [write(`src/${id}.ts`, part.source), write(`test/${id}.test.ts`, part.test)],
    [{ name: "run", input: { command: `node --test test/${id}.test.ts` } }],
    [{ name: "finish", input: { summary: `Added ${id} with tests.` } }],
  ];
}
