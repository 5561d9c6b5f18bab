import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it, onTestFinished } from "vitest";
import { ShownLine } from "../../../../src/cli/show/shown-line.ts";
import { finishedWith } from "../../../../src/pipeline/record-run.ts";
import type { Store } from "../../../../src/store/store.ts";
import { sampleOutcome, sampleTask } from "../../../contracts/samples.ts";
import { openedStore } from "../../../world/opened-store.ts";
import { runNexus } from "../../../world/run-nexus.ts";

const SECRET = "sk-canary-0123456789-abcdef";
const HOSTILE = "\u001b[2J\u001b]0;owned\u0007 done \u202e";
const HEX = "a".repeat(64);

/** Runs `nexus` in an empty folder with these settings. */
async function nexus(args: readonly string[], env: Readonly<Record<string, string>>) {
  const cwd = await mkdtemp(join(tmpdir(), "nexus-show-"));
  onTestFinished(() => rm(cwd, { recursive: true, force: true }));
  const said = await runNexus(args, { cwd, env: { OPENAI_API_KEY: SECRET, ...env } });
  expect(said.out + said.err).not.toContain("canary");
  expect(said.out + said.err).not.toMatch(/[^\P{Cc}\n]|\p{Cf}/u);
  return said;
}

const STEP = {
  number: 1,
  text: `I look around. ${HOSTILE}`,
  stop: "calls",
  usage: { calls: 1, input: 100, cachedInput: 900, output: 50 },
  served: { provider: "openai", model: "gpt-x", waitedMs: 0, attempts: [] },
  cost: { amount: 1_200, isAtMost: true },
  request: { prompts: HEX, history: HEX, tools: HEX, answer: HEX },
  calls: [
    {
      id: "c1",
      name: "read",
      input: '{"path":"a.txt"}',
      kind: "done",
      result: `${Array.from({ length: 60 }, (_, n) => `line ${n}`).join("\n")}\n${SECRET}`,
    },
  ],
};

/** A task that has ended, with all that is kept of one. */
async function endedTask(store: Store, id: string): Promise<void> {
  const task = { ...sampleTask(id), request: `fix the total ${HOSTILE}` };
  await store.inbox.accept(task, []);
  const claimed = await store.tasks.claim(id, { worker: "w", leaseMs: 60_000 });
  const lease = { taskId: id, epoch: claimed?.epoch ?? 0 };
  await store.events.append(id, { kind: "stage", stage: "plan", phase: "start" }, "1");
  await store.events.append(id, { kind: "correction", attempt: 1, item: "a" }, "2");
  await store.journal.step(id, "architect", { ...STEP, calls: [] });
  await store.journal.step(id, "a", {
    kind: "assigned",
    commit: "b".repeat(40),
    assignment: {
      item: {
        id: "a",
        title: "Mend it",
        department: "backend",
        goal: "It is mended.",
        paths: ["a.txt"],
        dependsOn: [],
      },
      request: "fix",
      planSummary: "Fix.",
      notes: "",
    },
  });
  await store.journal.step(id, "a", STEP);
  const files = [{ path: "a.txt", status: "modified" as const }];
  const hex = "c".repeat(40);
  await store.journal.step(id, "a", finishedWith({ base: hex, commit: hex, tree: hex, files }));
  await store.journal.step(id, "a", { kind: "of-tomorrow", text: HOSTILE });
  await store.tasks.finish(lease, sampleOutcome, []);
}

describe("nexus show", () => {
  it("says what there is when there is nothing", async () => {
    const { database } = await openedStore();

    const { code, out, err } = await nexus(["show"], { DATABASE_URL: database.url });

    expect({ code, out, err }).toEqual({ code: 0, out: "There are no tasks yet.\n", err: "" });
  });

  it("lists the newest tasks first, with how they stand", async () => {
    const { database, store } = await openedStore();
    await endedTask(store, "first-1");
    await store.inbox.accept(sampleTask("second-2"), []);

    const text = await nexus(["show"], { DATABASE_URL: database.url });
    const json = await nexus(["show", "--json"], { DATABASE_URL: database.url });

    expect(text.out).toMatch(
      /^TASK +STATE +OUTCOME +WHERE +COST\nsecond-2 +waiting +octo\/shop#12\n/,
    );
    expect(text.out).toMatch(new RegExp(`\nfirst-1 +done +${sampleOutcome.kind} +octo/shop#12\n$`));
    const lines = json.out
      .trimEnd()
      .split("\n")
      .map((line) => ShownLine.parse(JSON.parse(line)));
    expect(lines).toMatchObject([
      { kind: "task", task: { id: "second-2" }, state: "waiting" },
      { kind: "task", task: { id: "first-1" }, state: "done", ended: sampleOutcome.kind },
    ]);
  });

  it("tells a task as text: who asked, what happened, each agent's steps, the end and the totals", async () => {
    const { database, store } = await openedStore();
    await endedTask(store, "3f0c-77");

    const { code, out, err } = await nexus(["show", "3f0"], { DATABASE_URL: database.url });

    expect({ code, err }).toEqual({ code: 0, err: "" });
    expect(out).toMatch(/^task 3f0c-77 {2}octo\/shop#12 {2}done\nasked by ana: fix the total/);
    expect(out).toMatch(
      /\n {2}\d\d:\d\d:\d\d {2}plan begins\n {2}\d\d:\d\d:\d\d {2}correction 1: a\n/,
    );
    expect(out).toMatch(
      /\narchitect\n {4}step 1 {2}\d\d:\d\d:\d\d {2}openai:gpt-x {2}1,000 in, 900 cached, 50 out {2}at most \$0\.0012\n/,
    );
    expect(out).toMatch(/\na\n {4}Mend it \(backend\)\n {6}It is mended\.\n {4}step 1/);
    expect(out).toContain('→ read {"path":"a.txt"}  [done]\n      line 0\n');
    expect(out).toContain("… 53 lines …");
    expect(out).toContain("finished: modified a.txt (tree cccccccccccc)\n    of-tomorrow\n");
    expect(out).toContain(`\noutcome: ${sampleOutcome.kind}`);
    expect(out).toMatch(/\ntotal: 2 steps, tokens 2,000 in, 1,800 cached, 100 out\n$/);
  });

  it("gives all of it to programs, line by line, whole and by its schema", async () => {
    const { database, store } = await openedStore();
    await endedTask(store, "task-1");

    const { code, out } = await nexus(["show", "task-1", "--json"], { DATABASE_URL: database.url });

    const lines = out
      .trimEnd()
      .split("\n")
      .map((line) => ShownLine.parse(JSON.parse(line)));
    expect(code).toBe(0);
    expect(lines.map(({ kind }) => kind)).toEqual([
      "task",
      "stage",
      "event",
      "step",
      "assigned",
      "step",
      "ended",
      "other",
      "outcome",
    ]);
    const [call] = STEP.calls;
    expect(lines[5]).toMatchObject({
      agent: "a",
      ...STEP,
      calls: [{ ...call, result: call?.result.replace(SECRET, "[secret]") }],
    });
    expect(lines[8]).toEqual({
      kind: "outcome",
      outcome: sampleOutcome,
      cost: { spent: 0, isAtMost: false },
    });
  });

  it.each([
    [["show", "nobody"], 1, "There is no task nobody. `nexus show` lists the newest.\n"],
    [["show", "tas"], 1, "Several tasks begin with tas: task-2, task-1. Name more of the one"],
    [["show", "a;b"], 2, '"a;b" is no id of a task\n'],
    [["show", "%"], 2, '"%" is no id of a task\n'],
    [["show", "task-1", "task-2"], 2, '"task-2" is one word too many\n'],
    [["show", "task-1", "--jsonl"], 2, "Unknown option '--jsonl'"],
    [["replay"], 2, "name the task: nexus replay TASK\n"],
    [["replay", "nobody"], 1, "There is no task nobody. `nexus show` lists the newest.\n"],
    [["replay", "task-1"], 1, "The task has not ended: it is waiting.\n"],
  ])("says in one line what cannot be shown: %j", async (args, code, why) => {
    const { database, store } = await openedStore();
    for (const id of ["task-1", "task-2"]) await store.inbox.accept(sampleTask(id), []);

    const ran = await nexus(args, { DATABASE_URL: database.url });

    expect(ran).toMatchObject({ code, out: "" });
    expect(ran.err.startsWith(`nexus: ${why}`)).toBe(true);
    expect(ran.err.trimEnd().split("\n")).toHaveLength(1);
  });

  it.each([
    [{}, "No database is named and no Nexus runs from this folder."],
    [{ DATABASE_URL: "mysql://x" }, "- DATABASE_URL: must be a postgres:// URL"],
    [{ DATABASE_URL: "postgres://u:canary-pass@127.0.0.1:1/x" }, ""],
  ])("says what is wrong where there is no record: %j", async (env, why) => {
    const { code, out, err } = await nexus(["show"], env);

    expect({ code, out }).toEqual({ code: 1, out: "" });
    expect(err.startsWith(`nexus: ${why}`)).toBe(true);
  });
});
