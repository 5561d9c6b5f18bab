import type { CheckResult } from "../../../../src/core/evidence.ts";
import type { Plan, WorkItem } from "../../../../src/core/plan.ts";
import type { LookUpLimits } from "../../../../src/swarm/look-up-budget.ts";
import type { FakeReply } from "../../../fakes/fake-model.ts";

/** A model's words for one request to the architect, of which a trajectory is recorded. */
export interface PlanScenario {
  readonly name: string;
  readonly files: Readonly<Record<string, string>>;
  readonly request: string;
  /** How the checks came out on the base. */
  readonly checks?: readonly CheckResult[];
  readonly deny?: readonly string[];
  readonly limits?: Partial<LookUpLimits>;
  /** An earlier plan, and what a person said to it. */
  readonly answered?: { readonly plan: Plan; readonly words: string };
  readonly replies: readonly FakeReply[];
}

let calls = 0;

/** A reply that makes these calls, under ids that are the same at each recording. */
function reply(...made: readonly (readonly [name: string, input: unknown])[]): FakeReply {
  return {
    calls: made.map(([name, input]) => {
      calls += 1;
      const text = typeof input === "string" ? input : JSON.stringify(input);
      return { id: `p${calls}`, name, input: text };
    }),
  };
}

function item(id: string, changes: Partial<WorkItem> = {}): WorkItem {
  return {
    id,
    title: `Work on ${id}`,
    department: "backend",
    goal: `What ${id} does is right.`,
    paths: [`src/${id}.mjs`],
    dependsOn: [],
    ...changes,
  };
}

const planOf = (...items: readonly WorkItem[]): Plan => ({
  summary: "The sums are right again.",
  items: [...items],
  checks: [],
});
const submit = (...items: readonly WorkItem[]) => reply(["submit_plan", planOf(...items)]);

const MEAN = `export function mean(numbers) {
  return numbers.reduce((a, b) => a + b, 0) / numbers.lenght;
}
`;
const FILES = {
  "README.md": "# Sums\n",
  "AGENTS.md": "Tests first.\n",
  "package.json": '{ "name": "sums" }\n',
  "src/mean.mjs": MEAN,
  "src/sum.mjs": "export const sum = (a, b) => a + b;\n",
};
const RED: CheckResult = {
  name: "test",
  command: "npm test",
  passed: false,
  exitCode: 1,
  ending: "exited",
  durationMs: 400,
  output: "mean of 1 and 3 is NaN\n  at src/mean.mjs:2:3\n",
  truncated: false,
};
const GREEN: CheckResult = {
  ...RED,
  name: "lint",
  command: "npm run lint",
  passed: true,
  exitCode: 0,
};

/** All of them. What each is about is its name. */
export const PLAN_SCENARIOS: readonly PlanScenario[] = [
  {
    name: "architect-plans-at-once",
    files: FILES,
    request: "mend the mean, then let sum take many numbers",
    checks: [RED, GREEN],
    replies: [submit(item("mean"), item("sum", { dependsOn: ["mean"], estimate: "small" }))],
  },
  {
    name: "architect-looks-up-then-plans",
    files: FILES,
    request: "mend the mean",
    deny: ["make"],
    replies: [
      reply(["list", { path: "src" }], ["search", { pattern: "numbers" }]),
      reply(["read", { path: "src/mean.mjs" }], ["symbol", { name: "mean" }]),
      reply(["read", { path: "src/none.mjs" }], ["read", { path: "../secret" }]),
      submit(item("mean")),
    ],
  },
  {
    name: "architect-is-corrected-twice",
    files: FILES,
    request: "mend the sums",
    replies: [
      { text: "First the mean, then the sum." },
      submit(item("mean", { paths: ["src/**"] }), item("sum")),
      submit(item("mean"), item("sum")),
    ],
  },
  {
    name: "architect-hands-it-to-one-worker",
    files: FILES,
    request: "spell length right",
    replies: [
      reply([
        "one_worker",
        {
          summary: "length is spelled right.",
          goal: "The mean of some numbers is their mean.",
          department: "backend",
          paths: ["src/mean.mjs"],
          risks: ["Somebody may count on NaN."],
        },
      ]),
    ],
  },
  {
    name: "architect-revises-its-plan",
    files: FILES,
    request: "mend the sums",
    answered: { plan: planOf(item("mean"), item("sum")), words: "not the sum, it is right" },
    replies: [submit(item("mean"))],
  },
  {
    name: "architect-looks-for-too-long",
    files: FILES,
    request: "mend the sums",
    limits: { maxReplies: 2 },
    replies: [
      reply(["list", { path: "" }]),
      reply(["read", { path: "README.md" }]),
      reply(["read", { path: "src/sum.mjs" }]),
      submit(item("mean")),
    ],
  },
  {
    name: "architect-never-hands-in-a-plan",
    files: FILES,
    request: "mend the sums",
    replies: [
      { text: "One." },
      reply(["submit_plan", '{"summary": "cut']),
      { text: "", stop: "length" },
      reply(["write_plan", {}]),
    ],
  },
];
