import { expect, it } from "vitest";
import { eventText } from "../../../../src/cli/follow/event-text.ts";
import type { KeptEvent } from "../../../../src/core/event.ts";

const ended = { exitCode: 1, ending: "exited", durationMs: 2_340 } as const;
const usage = { calls: 1, input: 100, cachedInput: 20, output: 7 };

it.each<[KeptEvent["event"], string]>([
  [{ kind: "claimed", crashes: 0 }, "a worker takes it"],
  [{ kind: "claimed", crashes: 2 }, "a worker takes it, after 2 crashes"],
  [
    { kind: "interrupted", reason: "github.unreachable: gone" },
    "interrupted: github.unreachable: gone",
  ],
  [{ kind: "stage", stage: "plan", phase: "start" }, "plan begins"],
  [{ kind: "stage", stage: "plan", phase: "end" }, "plan is done"],
  [
    {
      kind: "planned",
      items: [
        { id: "a", title: "A", department: "qa", dependsOn: [] },
        { id: "b", title: "B", department: "qa", dependsOn: ["a"] },
      ],
    },
    "plan: a; b after a",
  ],
  [{ kind: "answered", by: "ana" }, "ana answered the plan"],
  [{ kind: "item-started", item: "a" }, "a: begins"],
  [{ kind: "item-finished", item: "a", files: 1 }, "a: finished, 1 file"],
  [{ kind: "item-finished", item: "a", files: 0 }, "a: finished, 0 files"],
  [
    { kind: "item-failed", item: "a", code: "worker.looping", reason: "Again." },
    "a: failed (worker.looping): Again.",
  ],
  [{ kind: "item-not-started", item: "b", because: "a" }, "b: not started, a failed"],
  [{ kind: "item-not-started", item: "b" }, "b: not started"],
  [
    {
      kind: "step",
      agent: "a",
      number: 3,
      model: "openai:x",
      usage,
      calls: [
        { name: "read_file", ended: "done" },
        { name: "run", ended: "failed" },
      ],
      text: 'Say "hi"',
    },
    'a: step 3  read_file  run failed  120 tokens in, 7 out  openai:x  "Say \\"hi\\""',
  ],
  [{ kind: "step", agent: "a", number: 1, usage, calls: [] }, "a: step 1  120 tokens in, 7 out"],
  [
    { kind: "spent", spent: 420_000, isAtMost: false, cap: 2_000_000 },
    "models have cost $0.42 of $2.00",
  ],
  [{ kind: "spent", spent: 420_000, isAtMost: true }, "models have cost at most $0.42"],
  [
    { kind: "command", agent: "a", command: "npm test", ...ended },
    "a: $ npm test: exit code 1 after 2.3 s",
  ],
  [
    { kind: "check", name: "lint", on: "base", passed: false, ...ended, ending: "timeout" },
    "check lint on the base: failed, timeout after 2.3 s",
  ],
  [
    { kind: "check", name: "lint", on: "head", passed: true, ...ended, exitCode: 0 },
    "check lint on the head: passed, exit code 0 after 2.3 s",
  ],
  [{ kind: "posted", from: "a", to: "all" }, "a: tells all something"],
  [{ kind: "asked", questions: 0 }, "waits for a person to approve the plan"],
  [{ kind: "asked", questions: 2 }, "waits for a person to answer 2 questions"],
  [{ kind: "correction", attempt: 1, item: "correction-1" }, "correction 1: correction-1"],
  [{ kind: "pull-request", number: 7, url: "https://x/7" }, "pull request #7: https://x/7"],
  [{ kind: "ended", outcome: "proposed" }, "ended: proposed"],
  [
    { kind: "unreadable", name: "teleported" },
    "something that this version cannot read: teleported",
  ],
])("an event is one line that a person understands: %j", (event, line) => {
  expect(eventText({ seq: 1, at: "2026-11-29T21:05:57.123Z", event })).toBe(`21:05:57  ${line}\n`);
});

it("nothing in an event acts on a terminal", () => {
  const reason = "a\u001B[2J\nb\u202E\u0007";
  const event = { kind: "interrupted", reason } as const;

  expect(eventText({ seq: 1, at: "2026-11-29T21:05:57.123Z", event })).toBe(
    "21:05:57  interrupted: a?[2J?b??\n",
  );
});
