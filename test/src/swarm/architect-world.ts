import type { CheckResult } from "../../../src/core/evidence.ts";
import type { Plan, WorkItem } from "../../../src/core/plan.ts";
import { createArchitect } from "../../../src/swarm/architect.ts";
import type { Brief } from "../../../src/swarm/brief.ts";
import type { LookUpLimits } from "../../../src/swarm/look-up-budget.ts";
import type { Step } from "../../../src/swarm/step.ts";
import {
  call,
  calling,
  type FakeModel,
  type FakeReply,
  fakeModel,
} from "../../fakes/fake-model.ts";
import { libraryOf } from "../../fakes/library-of.ts";
import { swarmPrompts } from "../../fakes/swarm-prompts.ts";

/** A work item that can be worked on. */
export const ITEM: WorkItem = {
  id: "greet",
  title: "Greet",
  department: "backend",
  goal: "greet(name) greets.",
  paths: ["src/greet.ts"],
  dependsOn: [],
};

/** A plan that can be worked on. */
export const PLAN: Plan = { summary: "Greets by name.", items: [ITEM], checks: [] };

/** The files of the repository that is planned for. */
const FILES: Readonly<Record<string, string>> = {
  "README.md": "# Greeter\n",
  "src/greet.ts":
    "export function greet(name: string) {\n  return name;\n}\nexport class Host {\n  welcome() {}\n  part() {}\n}\nconst LIMIT = 3;\n",
  "src/api/a.ts": "import { greet } from '../greet.ts';\n",
  "src/broken.ts": "export function (((\n",
  "data.bin": "greet\n",
  "long.txt": `${"x".repeat(399)}😀`,
};

/** What the architect is told here unless a test says otherwise. */
const BRIEF: Brief = {
  request: "make it greet",
  issue: { title: "No greeting", body: "It says nothing." },
  paths: Object.keys(FILES),
  files: [{ path: "README.md", content: "# Greeter" }],
  checks: [],
  deny: ["make"],
};

/** A check as it came out. */
export const check = (name: string, passed: boolean, output: string): CheckResult => ({
  name,
  command: `npm run ${name}`,
  passed,
  exitCode: passed ? 0 : 1,
  ending: "exited",
  durationMs: 1,
  output,
  truncated: false,
});

/** A reply that hands in a plan. */
export const submit = (plan: unknown) => calling(call("submit_plan", plan));

/** The item under another id, with changes. */
export const item = (id: string, change: Partial<WorkItem> = {}): WorkItem => ({
  ...ITEM,
  id,
  ...change,
});

/** A reply that hands in a plan of these items. */
export const plan = (...items: readonly WorkItem[]) => submit({ ...PLAN, items });

/** An architect whose model gives these replies. */
export function planWith(
  replies: readonly FakeReply[] | ((turn: number) => FakeReply),
  brief: Partial<Brief> = {},
  limits: Partial<LookUpLimits> = {},
) {
  const model = fakeModel(typeof replies === "function" ? (_, turn) => replies(turn) : replies);
  const steps: Step[] = [];
  const result = createArchitect({ model, prompts: swarmPrompts, limits }).plan(
    { ...BRIEF, ...brief },
    {
      signal: new AbortController().signal,
      library: libraryOf(FILES),
      onStep: (step) => void steps.push(step),
    },
  );
  return { model, steps, result };
}

/** What the model was told first. */
export const briefOf = (model: FakeModel) => model.requests[0]?.messages[1]?.text ?? "";

/** What providers demand of a history: every call answered, once, in order, and its input a JSON object. */
export function unanswered(model: FakeModel): readonly string[] {
  return model.requests.flatMap(({ messages }) => {
    const asked = messages.flatMap((message) =>
      message.role === "assistant" ? message.calls : [],
    );
    const answered = messages.flatMap((message) => (message.role === "tool" ? message.callId : []));
    const isObject = asked.every(({ input }) => typeof JSON.parse(input) === "object");
    const isWhole = isObject && asked.map(({ id }) => id).join() === answered.join();
    return isWhole ? [] : [`${asked.length} calls, ${answered.length} answers`];
  });
}
