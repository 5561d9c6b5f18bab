import { expect, it } from "vitest";
import { followTask } from "../../../../src/cli/follow/follow-task.ts";
import { taskText } from "../../../../src/cli/show/task-text.ts";
import { paintFor } from "../../../../src/cli/show/words.ts";
import type { KeptEvent } from "../../../../src/core/event.ts";
import { sampleOutcome, sampleTask } from "../../../contracts/samples.ts";
import { createMemoryRecord } from "../../../fakes/memory-record.ts";

const spent = (amount: number) => ({ kind: "spent", spent: amount, isAtMost: false }) as const;

function at(time: string, event: KeptEvent["event"]): KeptEvent {
  return { seq: 1, at: `${time}.000Z`, event };
}

/** What is told of a task to which this happened, asked for by the beginning of its id. */
async function told(happened: readonly KeptEvent[], json = false) {
  const { inbox, tasks } = createMemoryRecord();
  await inbox.accept(sampleTask("3f0c-77"), []);
  let out = "";
  const code = await followTask(
    { kind: "follow", taskId: "3f0", json },
    {
      tasks,
      follow: async function* () {
        yield* happened;
      },
      events: async () => [],
      out: (text) => (out += text),
    },
    new AbortController().signal,
  );
  return { code, out };
}

it("tells the day with its first event, and a sum only where it is another one", async () => {
  const { code, out } = await told([
    at("2026-11-28T23:59:58", { kind: "claimed", crashes: 0 }),
    at("2026-11-28T23:59:59", spent(0)),
    at("2026-11-29T00:00:01", { kind: "item-started", item: "a" }),
    at("2026-11-29T00:00:02", spent(0)),
    at("2026-11-29T00:00:03", spent(20_000)),
    at("2026-11-29T00:00:04", { kind: "ended", outcome: "proposed" }),
  ]);

  expect(code).toBe(0);
  expect(out).toBe(
    [
      "2026-11-28 (UTC)",
      "23:59:58  a worker takes it",
      "23:59:59  models have cost $0.00",
      "2026-11-29 (UTC)",
      "00:00:01  a: begins",
      "00:00:03  models have cost $0.02",
      "00:00:04  ended: proposed",
      "",
    ].join("\n"),
  );
});

it("gives programs lines of which nothing acts at a terminal, and all of them", async () => {
  const reason = "\u009b2J \u202e \u001b[2J";
  const happened = [
    at("2026-11-29T00:00:01", spent(0)),
    at("2026-11-29T00:00:02", spent(0)),
    at("2026-11-29T00:00:03", { kind: "interrupted", reason }),
  ];

  const { out } = await told(happened, true);

  expect(out).not.toMatch(/[^\P{Cc}\n]|\p{Cf}/u);
  const lines = out.trimEnd().split("\n");
  expect(lines.map((line) => JSON.parse(line))).toEqual(happened);
});

it("does not say that details are deleted which it has just told", async () => {
  const { inbox, tasks } = createMemoryRecord();
  await inbox.accept(sampleTask("t"), []);
  const claimed = await tasks.claim("t", { worker: "w", leaseMs: 60_000 });
  await tasks.finish({ taskId: "t", epoch: claimed?.epoch ?? 0 }, sampleOutcome, []);
  let out = "";
  const only = at("2026-11-29T00:00:01", { kind: "claimed", crashes: 0 });

  await followTask(
    { kind: "follow", taskId: "t", json: false },
    {
      tasks,
      follow: () => Promise.reject(new Error("It has ended.")) as never,
      events: async (_id, after) => (after === 0 ? [only] : []),
      out: (text) => (out += text),
    },
    new AbortController().signal,
  );

  expect(out).toBe("2026-11-29 (UTC)\n00:00:01  a worker takes it\nended: refused\n");
});

it("shows the days of a task that went on for several, and says where nothing of it is left", async () => {
  const shown = (...happened: readonly KeptEvent[]) =>
    taskText(
      (async function* () {
        yield { kind: "task" as const, task: sampleTask("t"), state: "done" };
        for (const { at: time, event } of happened)
          if (event.kind === "claimed") yield { kind: "event" as const, at: time, event };
        yield { kind: "outcome" as const, cost: { spent: 0, isAtMost: false } };
      })(),
      paintFor(false),
    );

  const long = await shown(
    at("2026-11-28T10:00:00", { kind: "claimed", crashes: 0 }),
    at("2026-11-29T09:00:00", { kind: "claimed", crashes: 1 }),
  );
  const gone = await shown();

  expect(long).toContain(
    "  2026-11-28\n  10:00:00  a worker takes it\n  2026-11-29\n  09:00:00  a worker takes it, after 1 crash\n",
  );
  expect(gone).toContain("nothing that happened to it is recorded, or not any more\n");
});
