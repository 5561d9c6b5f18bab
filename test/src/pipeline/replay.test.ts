import { readdirSync, readFileSync } from "node:fs";
import { describe, expect, it, onTestFinished } from "vitest";
import { replayRun } from "../../../src/pipeline/replay.ts";
import type { Row } from "../../../src/pipeline/trajectory.ts";
import { swarmPrompts } from "../../fakes/swarm-prompts.ts";
import { PLAN_SCENARIOS } from "./trajectories/plan-scenarios.ts";
import { record } from "./trajectories/record-scenario.ts";
import { SCENARIOS } from "./trajectories/scenarios.ts";
import {
  FOLDER,
  readTrajectory,
  replayWorld,
  rowsOver,
  type Trajectory,
} from "./trajectories/trajectory-file.ts";

const ALL = [...SCENARIOS, ...PLAN_SCENARIOS];
const NAMES = readdirSync(FOLDER).map((file) => file.replace(/\.jsonl$/, ""));

function recorded(name: string): Trajectory {
  return readTrajectory(readFileSync(new URL(`${name}.jsonl`, FOLDER), "utf8"));
}

/** Replays it in a repository of its own, after this was done to the record or the prompts. */
async function replay(
  { files, task, rows }: Trajectory,
  change: { row?: (row: Row) => Row; prompts?: Partial<typeof swarmPrompts> } = {},
) {
  const world = await replayWorld(files);
  onTestFinished(() => world[Symbol.asyncDispose]());
  const { row: changed = (row) => row, prompts = {} } = change;
  const here = rowsOver(world.commit, rows);
  const replaying = { ...world, task, prompts: { ...swarmPrompts, ...prompts } };
  return await replayRun(here.map(changed), replaying);
}

describe("recorded trajectories", () => {
  it("are there for every scenario, and for no other", () => {
    expect(NAMES.toSorted()).toEqual(ALL.map(({ name }) => name).toSorted());
    expect(NAMES.length).toBeGreaterThanOrEqual(20);
  });

  // Where this fails after prompts, tools or the loop were changed on purpose, they are recorded anew:
  // node test/src/pipeline/trajectories/record.ts
  it.each(NAMES)(
    "%s: replays to the same requests and results, and to the same end",
    async (name) => {
      const trajectory = recorded(name);

      const replayed = await replay(trajectory);

      const steps = trajectory.rows.filter((row) => row.kind === "step").length;
      const ending = trajectory.rows.find((row) => row.kind === "ended")?.ending;
      const tree = ending?.kind === "finished" ? ending.changeSet.tree : undefined;
      const items = ending?.kind === "planned" ? ending.plan.items.length : undefined;
      const same = { kind: "same", steps, tree, items, otherWords: 0, isWhole: true };
      expect(replayed).toEqual(same);
    },
  );
});

describe("a replay that is not what was recorded", () => {
  const step =
    (number: number, change: (row: Extract<Row, { kind: "step" }>) => object) =>
    (row: Row): Row =>
      row.kind === "step" && row.number === number ? { ...row, ...change(row) } : row;

  it.each<[string, string, Parameters<typeof replay>[1], string]>([
    [
      "a prompt",
      "edits-one-file",
      { prompts: { worker: `${swarmPrompts.worker}\nBe brief.\n` } },
      "step 1 asks otherwise: the prompts, or what they tell of the task",
    ],
    [
      "a reminder",
      "falls-silent-and-is-reminded",
      { prompts: { "worker-reminder": "Well?" } },
      "step 2 asks otherwise: what the history says of replies and results",
    ],
    [
      "a result",
      "edits-one-file",
      {
        row: step(1, ({ calls }) => ({ calls: calls.map((one) => ({ ...one, result: "other" })) })),
      },
      "step 1: call 1 (read) came to another result",
    ],
    [
      "how a call ended",
      "is-refused-commands",
      { row: step(1, ({ calls }) => ({ calls: calls.map((one) => ({ ...one, kind: "done" })) })) },
      "step 1: call 1 (run) ended as failed, not as done",
    ],
    [
      "the ChangeSet",
      "edits-one-file",
      {
        row: (row) =>
          row.kind === "ended" && row.ending.kind === "finished"
            ? {
                ...row,
                ending: { ...row.ending, changeSet: { ...row.ending.changeSet, tree: "t" } },
              }
            : row,
      },
      "the end is another one: tree ",
    ],
    [
      "a prompt of the architect",
      "architect-plans-at-once",
      { prompts: { architect: `${swarmPrompts.architect}\nBe brief.\n` } },
      "step 1 asks otherwise: the prompts, or what they tell of the task",
    ],
    [
      "how the architect is corrected",
      "architect-is-corrected-twice",
      { prompts: { "architect-correction": "Again: {{problem}}" } },
      "step 2 asks otherwise: what the history says of replies and results",
    ],
    [
      "what the architect was told",
      "architect-revises-its-plan",
      {
        row: (row) =>
          row.kind === "briefed" ? { ...row, told: { ...row.told, revision: undefined } } : row,
      },
      "step 1 asks otherwise: the prompts, or what they tell of the task",
    ],
    [
      "a look-up",
      "architect-looks-up-then-plans",
      {
        row: step(1, ({ calls }) => ({ calls: calls.map((one) => ({ ...one, result: "other" })) })),
      },
      "step 1: call 1 (list) came to another result",
    ],
    [
      "a bound of the look-ups",
      "architect-looks-for-too-long",
      { row: (row) => (row.kind === "briefed" ? { ...row, limits: {} } : row) },
      "step 3",
    ],
    [
      "the plan",
      "architect-plans-at-once",
      {
        row: (row) =>
          row.kind === "ended" && row.ending.kind === "planned"
            ? { ...row, ending: { ...row.ending, plan: { ...row.ending.plan, summary: "Else." } } }
            : row,
      },
      "the plan was read otherwise",
    ],
    [
      "a bound",
      "runs-out-of-steps",
      { row: (row) => (row.kind === "assigned" ? { ...row, limits: { maxSteps: 2 } } : row) },
      "the agent ended after step 2",
    ],
    [
      "a bound, the other way",
      "runs-out-of-steps",
      { row: (row) => (row.kind === "assigned" ? { ...row, limits: { maxSteps: 4 } } : row) },
      "the agent goes on after step 3, where the recorded one ended",
    ],
  ])("says where it differs: %s", async (...[, name, change, what]) => {
    const replayed = await replay(recorded(name), change);

    expect(replayed).toEqual({ kind: "different", what: expect.stringContaining(what) });
  });
});

describe("commands that say something else each time", () => {
  const saying = (...commands: readonly string[]) =>
    record({
      name: "says something else",
      files: { "src/a.txt": "a\n" },
      replies: [
        ...commands.map((command) => ({
          calls: [{ id: command, name: "run", input: JSON.stringify({ command }) }],
        })),
        { calls: [{ id: "end", name: "finish", input: '{"summary":"Done."}' }] },
      ],
    });

  it("are counted, and the model is shown what it was shown then", async () => {
    const trajectory = await saying("cat /proc/sys/kernel/random/uuid", "echo b > src/b.txt");

    const replayed = await replay(trajectory);

    expect(replayed).toMatchObject({ kind: "same", steps: 3, otherWords: 1 });
  });

  it("make a difference where they write something else", async () => {
    const trajectory = await saying("cat /proc/sys/kernel/random/uuid > src/id.txt");

    const replayed = await replay(trajectory);

    const what = expect.stringMatching(/^the end is another one: tree \w{40}, not tree \w{40}$/);
    expect(replayed).toEqual({ kind: "different", what });
  });
});

describe("a recording that is not whole", () => {
  it("is replayed as far as it goes", async () => {
    const { rows, ...rest } = recorded("edits-one-file");
    const cut = rows.filter(
      (row) => row.kind !== "ended" && !(row.kind === "step" && row.number === 3),
    );

    const replayed = await replay({ ...rest, rows: cut });

    const same = { kind: "same", steps: 2, tree: undefined, otherWords: 0, isWhole: false };
    expect(replayed).toEqual(same);
  });

  it("may break off within a step", async () => {
    const { rows, ...rest } = recorded("calls-many-tools-at-once");
    const cut = rows.flatMap((row) =>
      row.kind === "step" && row.number === 1 ? [{ ...row, calls: row.calls.slice(0, 1) }] : [],
    );
    const begun = rows.filter((row) => row.kind === "assigned");

    const replayed = await replay({ ...rest, rows: [...begun, ...cut] });

    expect(replayed).toMatchObject({ kind: "same", steps: 1, isWhole: false });
  });

  it.each<[string, (row: Row) => readonly Row[], string]>([
    [
      "whose beginning is not there",
      (row) => (row.kind === "assigned" ? [] : [row]),
      "not recorded",
    ],
    [
      "whose rules are not there",
      (row) => [
        row.kind === "assigned" ? briefedOver(row.commit, { commit: "d".repeat(40) }) : row,
      ],
      "dddd is not in the mirror",
    ],
    [
      "whose commit is not there",
      (row) => [row.kind === "assigned" ? { ...row, commit: "d".repeat(40) } : row],
      "is not in the mirror",
    ],
  ])("cannot be replayed %s", async (_what, spoil, why) => {
    const { files, task, rows } = recorded("edits-one-file");
    const world = await replayWorld(files);
    onTestFinished(() => world[Symbol.asyncDispose]());
    const here = rowsOver(world.commit, rows);
    const replaying = { ...world, task, prompts: swarmPrompts };

    const replayed = await replayRun(here.flatMap(spoil), replaying);

    expect(replayed).toEqual({ kind: "impossible", why: expect.stringContaining(why) });
  });
});

/** The beginning of an architect's run, with the rules of this commit. */
function briefedOver(commit: string, rules: { readonly commit: string }): Row {
  const told = { request: "", issue: { title: "", body: "" }, checks: [], found: [] };
  return { kind: "briefed", commit, rules, told };
}
